#include "core/pricing/json_slices.hpp"

namespace pflow::pricing {
namespace {

constexpr bool is_space(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The place after a string whose opening quote is at `at`, or the end of the text.
std::size_t after_string(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

std::size_t after_value(std::string_view text, std::size_t at) noexcept {
  std::size_t depth = 0;
  while (at < text.size()) {
    switch (text[at]) {
      case '"':
        at = after_string(text, at);
        if (depth == 0) return at;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (depth == 0) return at;  // the end of what holds a number or a word
        if (--depth == 0) return at + 1;
        break;
      case ',':
        if (depth == 0) return at;
        break;
      default:
        break;
    }
    ++at;
  }
  return at;
}

}  // namespace

JsonSlices::JsonSlices(std::string_view text) noexcept : text_(text) {
  skip_space();
  if (at_ == text_.size()) return;
  is_object_ = text_[at_] == '{';
  at_ = is_object_ || text_[at_] == '[' ? at_ + 1 : text_.size();
}

void JsonSlices::skip_space() noexcept {
  while (at_ < text_.size() && is_space(text_[at_]))
    ++at_;
}

std::string_view JsonSlices::take_value() noexcept {
  const std::size_t begin = at_;
  at_ = after_value(text_, at_);
  std::size_t end = at_;
  while (end > begin && is_space(text_[end - 1]))
    --end;
  return text_.substr(begin, end - begin);
}

bool JsonSlices::next() noexcept {
  skip_space();
  if (at_ < text_.size() && text_[at_] == ',') ++at_;
  skip_space();
  if (at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']') return false;
  if (is_object_) {
    if (text_[at_] != '"') return false;
    const std::size_t end = after_string(text_, at_);
    if (end - at_ < 2) return false;
    key_ = text_.substr(at_ + 1, end - at_ - 2);
    at_ = end;
    skip_space();
    if (at_ >= text_.size() || text_[at_] != ':') return false;
    ++at_;
    skip_space();
  }
  value_ = take_value();
  return !value_.empty();
}

}  // namespace pflow::pricing
