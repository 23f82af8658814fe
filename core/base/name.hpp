#pragma once

#include <cstddef>
#include <string_view>

namespace pflow {

/// Length of the name at the beginning of `text`, `[A-Za-z_][A-Za-z0-9_-]*`, or 0.
[[nodiscard]] constexpr std::size_t name_length(std::string_view text) noexcept {
  const auto starts = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || !starts(text.front())) return 0;
  std::size_t n = 1;
  while (n < text.size() && (starts(text[n]) || (text[n] >= '0' && text[n] <= '9') || text[n] == '-'))
    ++n;
  return n;
}

/// True when a template can name it.
[[nodiscard]] constexpr bool is_name(std::string_view text) noexcept {
  return !text.empty() && name_length(text) == text.size();
}

}  // namespace pflow
