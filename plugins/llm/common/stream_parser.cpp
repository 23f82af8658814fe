#include "stream_parser.hpp"

namespace pflow::llm {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

bool SseParser::feed(std::string_view piece, const Sink& sink) {
  while (!piece.empty()) {
    if (after_cr_) {
      after_cr_ = false;
      if (piece.front() == '\n') piece.remove_prefix(1);
      continue;
    }
    const std::size_t end = piece.find_first_of("\r\n");
    const std::string_view part = piece.substr(0, end);
    if (line_.size() + data_.size() + part.size() > kMaxEventBytes) return false;
    if (end == std::string_view::npos) {
      line_ += part;
      return true;
    }
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    if (line_.empty()) {
      take_line(part, sink);
    } else {
      line_ += part;
      take_line(line_, sink);
      line_.clear();
    }
  }
  return true;
}

void SseParser::finish(const Sink& sink) {
  if (!line_.empty()) take_line(line_, sink);
  line_.clear();
  dispatch(sink);
}

void SseParser::take_line(std::string_view line, const Sink& sink) {
  if (first_line_ && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  first_line_ = false;
  if (line.empty()) {
    dispatch(sink);
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  } else if (field == "event") {
    name_ = value;
  }
}

void SseParser::dispatch(const Sink& sink) {
  if (data_.find_first_not_of("\n ") != std::string::npos) sink(name_, data_);  // some servers ping with empty ones
  name_.clear();
  data_.clear();
  has_data_ = false;
}

bool NdjsonParser::feed(std::string_view piece, const Sink& sink) {
  while (!piece.empty()) {
    const std::size_t end = piece.find('\n');
    const std::string_view part = piece.substr(0, end);
    if (line_.size() + part.size() > kMaxEventBytes) return false;
    line_ += part;
    if (end == std::string_view::npos) return true;
    piece.remove_prefix(end + 1);
    finish(sink);
  }
  return true;
}

void NdjsonParser::finish(const Sink& sink) {
  if (line_.find_first_not_of(" \t\r") != std::string::npos) sink({}, line_);
  line_.clear();
}

std::unique_ptr<StreamParser> make_parser(Framing framing) {
  if (framing == Framing::kNdjson) return std::make_unique<NdjsonParser>();
  return std::make_unique<SseParser>();
}

}  // namespace pflow::llm
