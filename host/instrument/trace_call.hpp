#pragma once

#include "core/engine/call.hpp"
#include "core/engine/plan.hpp"
#include "core/metrics/llm_call.hpp"
#include "core/pricing/price_book.hpp"
#include "core/trace/workflow_trace.hpp"

namespace pflow::host {

/// What a trace shows of a call that has ended, but for what was told during it. Borrows from the plan and the call.
[[nodiscard]] TraceCall trace_call_of(const PlanNode& node, const Call& call, SteadyTime run_start);

[[nodiscard]] TraceLlmUsage trace_usage(const LlmUsageReport& report, const MeteredUsage& metered,
                                        const LlmCall& entry);

/// {code, message, hint, origin_code, retryable, detail}
[[nodiscard]] Value error_value(const Failure& failure);

/// What the call wrote as its type's primary output; nullptr: nothing.
[[nodiscard]] const Value* primary_output(const PlanNode& node, const Call& call);

}  // namespace pflow::host
