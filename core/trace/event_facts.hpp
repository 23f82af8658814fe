#pragma once

#include <cstdint>
#include <vector>

#include "core/trace/trace_text.hpp"
#include "core/trace/workflow_trace.hpp"

namespace pflow {

// Parts of an event that neither know the store nor refer to it.

void write_facts(const TraceCall& call, std::uint64_t seq, TraceText& text);   ///< from `seq` to `parent`
void write_usage(const TraceLlmUsage& usage, TraceText& text);                 ///< the members, without braces
void write_http_calls(const std::vector<HttpReport>& calls, TraceText& text);  ///< an array
void write_retries(const std::vector<TraceRetry>& retries, TraceText& text);   ///< an array

}  // namespace pflow
