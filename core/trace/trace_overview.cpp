#include "core/trace/trace_overview.hpp"

#include <string>

#include "core/base/json_read.hpp"
#include "core/trace/trace_document.hpp"
#include "core/trace/trace_scan.hpp"

namespace pflow {

Result<TraceOverview> trace_overview(std::string_view text, std::string_view name) {
  const TraceScan scan = scan_trace(text);
  std::string members = "{";
  for (const auto* part : {&scan.head, &scan.tail}) {
    for (const TraceScan::Member& m : *part) {
      if (members.size() > 1) members += ',';
      members += m.name;
      members += ':';
      members += m.value;
    }
  }
  members += '}';
  Result<Value> root = read_json(members, name, {.max_depth = kMaxTraceDepth});
  if (!root || (!scan.whole && scan.head.empty())) {
    return Error{.code = Code::kInvalidJson, .message = "this is no trace", .where = std::string(name)};
  }
  return TraceOverview{.root = std::move(root).value(), .events = scan.events.size(), .torn = !scan.whole};
}

}  // namespace pflow
