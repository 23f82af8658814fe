#include "core/template/path.hpp"

#include <charconv>
#include <cstdint>

#include "core/base/name.hpp"

namespace pflow {
namespace {

// Length of "[digits]" at the beginning of `text`, or 0. A position beyond every array stays beyond every array.
std::size_t index_length(std::string_view text, std::size_t& index) noexcept {
  if (text.empty() || text.front() != '[') return 0;
  const char* const first = text.data() + 1;
  const auto [end, ec] = std::from_chars(first, text.data() + text.size(), index);
  if (ec == std::errc::result_out_of_range) index = SIZE_MAX;
  if (ec == std::errc::invalid_argument || end == text.data() + text.size() || *end != ']') return 0;
  return static_cast<std::size_t>(end - text.data()) + 1;
}

}  // namespace

std::optional<Path> parse_path_prefix(std::string_view text, std::size_t& used) {
  Path path;
  std::size_t at = 0;
  while (true) {
    const std::size_t n = name_length(text.substr(at));
    if (n == 0) break;
    const std::string_view name = text.substr(at, n);
    at += n;
    if (path.head.empty()) {
      path.head = name;
    } else {
      path.steps.push_back({std::string(name), 0});
    }
    std::size_t index = 0;
    while (const std::size_t bracket = index_length(text.substr(at), index)) {
      path.steps.push_back({"", index});
      at += bracket;
    }
    // A dot belongs to the path only when a name follows.
    if (at >= text.size() || text[at] != '.' || name_length(text.substr(at + 1)) == 0) break;
    ++at;
  }
  used = at;
  if (path.head.empty()) return std::nullopt;
  path.text = text.substr(0, at);
  return path;
}

std::optional<Path> parse_path(std::string_view text) {
  std::size_t used = 0;
  std::optional<Path> path = parse_path_prefix(text, used);
  if (!path || used != text.size()) return std::nullopt;
  return path;
}

}  // namespace pflow
