#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pflow {

/// Length of the longest prefix that is well-formed UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF).
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text) noexcept;

[[nodiscard]] inline bool is_utf8(std::string_view text) noexcept {
  return valid_utf8_prefix(text) == text.size();
}

/// `text` with each byte that is not UTF-8 replaced by U+FFFD, cut to at most `max_bytes` at a character's edge;
/// what was cut is told by "... (N bytes)".
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes);

}  // namespace pflow
