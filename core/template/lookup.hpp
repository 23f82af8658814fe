#pragma once

#include <string>

#include "core/base/error.hpp"
#include "core/store/scope.hpp"
#include "core/template/path.hpp"

namespace pflow {

/// The last JSON text that a path stepped into, parsed: several references into one answer parse it once.
struct JsonTextCache {
  Value text;
  Value parsed;
};

/// What a path leads to, or why it leads nowhere.
struct Lookup {
  bool found = false;
  Value value;
  Code code = Code::kUnresolvedTemplate;  ///< when not found; kTooDeep: a value of kMaxValueDepth and one level more
  std::string problem;                    ///< when not found: `"fetch" has no "respnse"`
  std::string hint;                       ///< when not found: the keys that exist there, at most 20, and the nearest
};

/// Follows `path` from what `scope` sees. Steps go through objects by name and arrays by position; a string that holds
/// a JSON object or array (at most 10 MiB) is stepped into as if it were that value, which leaves the stored text as it
/// is. A path that ends at a node gives an object of its outputs. Shares, never copies; O(path), plus the parse of a
/// JSON text. `cache` may be null.
[[nodiscard]] Lookup look_up(const Scope& scope, const Path& path, JsonTextCache* cache);

inline constexpr std::size_t kMaxJsonTextBytes = std::size_t{10} * 1024 * 1024;

}  // namespace pflow
