#pragma once

#include <cstddef>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/value.hpp"

namespace pflow {

/// What a list of traces tells of one: its root, for TraceFacts, without reading the events.
struct TraceOverview {
  Value root;              ///< without "nodes"
  std::size_t events = 0;  ///< whole ones
  bool torn = false;       ///< it ends inside an event or the root; repair_trace mends it
};

/// O(text), some times faster than TraceDocument::read: events are counted and not read, so what is wrong inside one is
/// not found. Errors: kInvalidJson (no JSON object at its beginning).
[[nodiscard]] Result<TraceOverview> trace_overview(std::string_view text, std::string_view name);

}  // namespace pflow
