#pragma once

#include <string_view>

/// The names in a trace file that reading, mending and showing one go by (docs/trace.md).
namespace pflow::trace {

inline constexpr std::string_view kFormat = "format";
inline constexpr std::string_view kFormatName = "pflow-trace";
inline constexpr std::string_view kFormatVersion = "format_version";
inline constexpr std::string_view kKind = "kind";
inline constexpr std::string_view kExecutionId = "execution_id";
inline constexpr std::string_view kWorkflowId = "workflow_id";
inline constexpr std::string_view kWorkflowName = "workflow_name";
inline constexpr std::string_view kStartTime = "start_time";
inline constexpr std::string_view kNodes = "nodes";

// Once the run has ended.
inline constexpr std::string_view kEndTime = "end_time";
inline constexpr std::string_view kDurationMs = "duration_ms";  // of events too
inline constexpr std::string_view kFinalStatus = "final_status";
inline constexpr std::string_view kNodesExecuted = "nodes_executed";
inline constexpr std::string_view kNodesFailed = "nodes_failed";
inline constexpr std::string_view kLlmSummary = "llm_summary";
inline constexpr std::string_view kRedactions = "redactions";
inline constexpr std::string_view kTruncations = "truncations";

// llm_summary.
inline constexpr std::string_view kCalls = "calls";
inline constexpr std::string_view kCostIncomplete = "cost_incomplete";
inline constexpr std::string_view kTotalTokens = "total_tokens";
inline constexpr std::string_view kModels = "models";

// Events.
inline constexpr std::string_view kSeq = "seq";
inline constexpr std::string_view kNodeId = "node_id";
inline constexpr std::string_view kNodeType = "node_type";
inline constexpr std::string_view kStartMs = "start_ms";
inline constexpr std::string_view kSuccess = "success";
inline constexpr std::string_view kAction = "action";
inline constexpr std::string_view kError = "error";
inline constexpr std::string_view kAttempt = "attempt";
inline constexpr std::string_view kVisit = "visit";
inline constexpr std::string_view kBatchIndex = "batch_index";
inline constexpr std::string_view kParent = "parent";
inline constexpr std::string_view kLlmCall = "llm_call";
inline constexpr std::string_view kUnreadable = "unreadable";

// llm_call; the first two also in llm_summary.
inline constexpr std::string_view kInputTokens = "input_tokens";
inline constexpr std::string_view kOutputTokens = "output_tokens";
inline constexpr std::string_view kUsage = "usage";
inline constexpr std::string_view kModel = "model";
inline constexpr std::string_view kCostUsd = "cost_usd";
inline constexpr std::string_view kCostBasis = "cost_basis";
inline constexpr std::string_view kFurther = "further";

// An error.
inline constexpr std::string_view kCode = "code";
inline constexpr std::string_view kMessage = "message";

// What stands for a value that is written elsewhere.
inline constexpr std::string_view kRef = "$ref";
inline constexpr std::string_view kBase = "$base";
inline constexpr std::string_view kSet = "set";
inline constexpr std::string_view kRemove = "remove";
inline constexpr std::string_view kUnresolved = "$unresolved";

}  // namespace pflow::trace
