#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/shared_store.hpp"

namespace pflow {

/// One step into a value: a member's name or an item's position.
struct PathStep {
  std::string key;  ///< empty: `index` counts
  std::size_t index = 0;

  [[nodiscard]] bool is_index() const noexcept { return key.empty(); }
};

/// `segment(.segment)*`, a segment being `[A-Za-z_][A-Za-z0-9_-]*` followed by any number of `[digits]`.
struct Path {
  std::string text;             ///< as written
  std::string head;             ///< the first name: an input, an own key or a node
  std::vector<PathStep> steps;  ///< what follows
  NameBinding bound;            ///< what `head` means, when that was found out beforehand
};

/// The longest path at the beginning of `text`; `used` is its length. Nothing when there is none.
[[nodiscard]] std::optional<Path> parse_path_prefix(std::string_view text, std::size_t& used);

/// `text` as a whole; nothing when it is not exactly one path.
[[nodiscard]] std::optional<Path> parse_path(std::string_view text);

}  // namespace pflow
