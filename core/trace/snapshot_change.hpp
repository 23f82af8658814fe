#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/value.hpp"

namespace pflow {

/// What a chain of snapshots does to one place of the store and below. Changes are added from the newest to the oldest:
/// one that is hidden by a newer one at or above its place is dropped.
struct SnapshotChange {
  enum class Kind : unsigned char { kNone, kPutIn, kTakenOut };

  Kind kind = Kind::kNone;
  const Value* set = nullptr;  ///< what is put in, as the file has it
  std::map<std::string, std::unique_ptr<SnapshotChange>, std::less<>> below = {};  ///< by the user's own keys
  std::size_t order = 0;                                                           ///< the more, the earlier in the run

  /// `age` grows with each call. How many places were made for it: the tree's memory.
  std::size_t add(const std::vector<std::string>& steps, Kind what, const Value* value, std::size_t age);

  /// Nothing is left at this place.
  [[nodiscard]] bool empties() const noexcept { return kind == Kind::kTakenOut && below.empty(); }
};

}  // namespace pflow
