#pragma once
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include "pflow/plugin.h"

namespace pflow::sdk {
inline namespace v1 {

/// The same bytes, not copied. A pflow_str is not NUL-terminated: never hand its pointer to a C function.
[[nodiscard]] constexpr std::string_view to_view(pflow_str text) noexcept {
  return text.len == 0 ? std::string_view{} : std::string_view{text.ptr, text.len};
}

[[nodiscard]] constexpr pflow_str to_str(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

/// At most `max_bytes` of UTF-8 text, cut between characters.
[[nodiscard]] constexpr std::string_view head(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xC0U) == 0x80U)
    --max_bytes;
  return text.substr(0, max_bytes);
}

/// Appends `text` as a JSON string with its quotes. `text` must be UTF-8.
inline void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20U) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// Appends a number in its shortest exact form, whatever the locale.
template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace v1
}  // namespace pflow::sdk
