#include "text_encoding.hpp"

#include <pflow/node.hpp>

namespace pflow::file {

Encoding encoding_of(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  if (plain == "utf8") return Encoding::kUtf8;
  if (plain == "latin1" || plain == "iso88591") return Encoding::kLatin1;
  std::string message = "parameter \"encoding\": ";
  sdk::append_json(message, name);
  message += " is not known; use utf-8 or latin-1 (a file in another encoding that is read as utf-8 comes as bytes)";
  throw sdk::Failure{.status = PFLOW_E_INVALID, .code = "unknown_encoding", .message = std::move(message)};
}

std::string to_latin1(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    if (first < 0x80U) {
      out += utf8[i];
    } else if (first <= 0xC3U && i + 1 < utf8.size()) {
      out += static_cast<char>((first & 0x03U) << 6U | (static_cast<unsigned char>(utf8[++i]) & 0x3FU));
    } else {
      throw sdk::Failure{.status = PFLOW_E_INVALID,
                         .code = "not_latin1",
                         .message = "parameter \"content\" holds a character that latin-1 does not have, " +
                                    std::to_string(out.size()) + " characters from its start; use utf-8"};
    }
  }
  return out;
}

std::string_view TextFilter::apply(std::string_view bytes) {
  if (encoding_ == Encoding::kUtf8 && !line_numbers_) return bytes;
  text_.clear();
  for (const char c : bytes) {
    if (line_numbers_ && at_line_start_) {
      sdk::append_number(text_, ++line_);
      text_ += ": ";
    }
    at_line_start_ = c == '\n';
    const auto byte = static_cast<unsigned char>(c);
    if (encoding_ == Encoding::kUtf8 || byte < 0x80U) {
      text_ += c;
    } else {
      text_ += static_cast<char>(0xC0U | byte >> 6U);
      text_ += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return text_;
}

}  // namespace pflow::file
