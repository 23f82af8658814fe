#include "host/services/http/head_reader.hpp"

#include <charconv>

#include "host/services/http/header_words.hpp"

namespace pflow::host {
namespace {

pflow_str to_str(std::string_view s) noexcept {
  return {s.data(), s.size()};
}

}  // namespace

void HeadReader::reset() noexcept {
  text_.clear();
  pieces_.clear();
  headers_.clear();
  status_ = 0;
  informational_ = false;
  complete_ = false;
}

void HeadReader::begin(std::string_view line) noexcept {
  reset();
  const std::size_t space = line.find(' ');
  int status = 0;
  if (space != std::string_view::npos) std::from_chars(line.data() + space + 1, line.data() + line.size(), status);
  informational_ = status >= 100 && status < 200;
  if (!informational_) status_ = status;
}

HeadReader::Line HeadReader::take(std::string_view line) {
  if (complete_) return Line::kMore;
  if (line.starts_with("HTTP/")) {
    begin(line);
    return Line::kMore;
  }
  const std::string_view text = trimmed(line);
  if (text.empty()) {
    if (informational_ || status_ == 0) return Line::kMore;
    complete_ = true;
    return Line::kComplete;
  }
  if (text_.size() + text.size() > kMostBytes) return Line::kTooLarge;
  if ((line.front() == ' ' || line.front() == '\t') && !pieces_.empty()) {  // a value folded into two lines
    text_ += ' ';
    text_ += text;
    pieces_.back().value_size = text_.size() - pieces_.back().value;
    return Line::kMore;
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return Line::kMore;
  const std::string_view name = trimmed(text.substr(0, colon));
  const std::string_view value = trimmed(text.substr(colon + 1));
  pieces_.push_back({text_.size(), name.size(), text_.size() + name.size(), value.size()});
  text_ += name;
  text_ += value;
  return Line::kMore;
}

const std::vector<pflow_header>& HeadReader::headers() {
  if (headers_.size() != pieces_.size()) {
    const std::string_view all = text_;
    headers_.clear();
    for (const Piece& p : pieces_)
      headers_.push_back({to_str(all.substr(p.name, p.name_size)), to_str(all.substr(p.value, p.value_size))});
  }
  return headers_;
}

std::optional<std::string_view> HeadReader::header(std::string_view name) {
  for (const pflow_header& h : headers()) {
    if (same_word({h.name.ptr, h.name.len}, name)) return std::string_view(h.value.ptr, h.value.len);
  }
  return std::nullopt;
}

}  // namespace pflow::host
