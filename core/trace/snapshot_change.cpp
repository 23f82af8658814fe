#include "core/trace/snapshot_change.hpp"

namespace pflow {

std::size_t SnapshotChange::add(const std::vector<std::string>& steps, Kind what, const Value* value, std::size_t age) {
  SnapshotChange* at = this;
  std::size_t made = 0;
  for (const std::string& step : steps) {
    if (at->kind != Kind::kNone) return made;
    std::unique_ptr<SnapshotChange>& next = at->below[step];
    if (next == nullptr) {
      next = std::make_unique<SnapshotChange>();
      ++made;
    }
    at = next.get();
    at->order = age;
  }
  if (at->kind != Kind::kNone) return made;
  at->kind = what;
  at->set = value;
  return made;
}

}  // namespace pflow
