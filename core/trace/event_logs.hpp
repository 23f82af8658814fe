#pragma once

#include <vector>

#include "core/trace/trace_text.hpp"
#include "core/trace/workflow_trace.hpp"

namespace pflow {

/// Writes an event's logs as an array: at most 1,000 entries and 256 KiB; a last entry tells how many are left out.
void write_logs(const std::vector<TraceLog>& logs, TraceText& text);

}  // namespace pflow
