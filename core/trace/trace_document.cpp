#include "core/trace/trace_document.hpp"

#include <fmt/format.h>

#include "core/base/json_read.hpp"
#include "core/base/utf8.hpp"
#include "core/trace/trace_members.hpp"
#include "core/trace/value_facts.hpp"

namespace pflow {

using namespace trace;

TraceFacts::TraceFacts(const Value& root)
    : kind(text_in(root, kKind)),
      execution_id(text_in(root, kExecutionId)),
      workflow_id(text_in(root, kWorkflowId)),
      workflow_name(text_in(root, kWorkflowName)),
      start_time(text_in(root, kStartTime)),
      end_time(text_in(root, kEndTime)),
      final_status(text_in(root, kFinalStatus)),
      duration_ms(number_in(root, kDurationMs)),
      nodes_executed(count_in(root, kNodesExecuted)),
      nodes_failed(count_in(root, kNodesFailed)),
      ended(!end_time.empty()) {
  const Value* summary = root.find(kLlmSummary);
  if (summary == nullptr) return;
  calls = count_in(*summary, kCalls);
  input_tokens = count_in(*summary, kInputTokens);
  output_tokens = count_in(*summary, kOutputTokens);
  total_tokens = count_in(*summary, kTotalTokens);
  cost_usd = number_in(*summary, kCostUsd);
  cost_incomplete = flag_in(*summary, kCostIncomplete);
}

Result<void> check_trace_format(const Value& root, std::string_view name) {
  const std::string_view version = text_in(root, kFormatVersion);
  if (text_in(root, kFormat) != kFormatName) {
    return Error{.code = Code::kInvalidValue,
                 .message = "this is no trace: its \"format\" is not \"pflow-trace\"",
                 .where = std::string(name),
                 .hint = "Traces are written by pflow-host run WORKFLOW --trace."};
  }
  if (!version.starts_with("1.")) {
    return Error{.code = Code::kUnsupported,
                 .message = fmt::format("the trace has the format_version \"{}\"", printable(version, 40)),
                 .where = std::string(name),
                 .hint = "This program reads 1.x; a newer one may read it."};
  }
  return {};
}

TraceDocument::TraceDocument(Value root)
    : root_(std::make_unique<const Value>(std::move(root))),
      events_(root_->find(kNodes)->items()),
      expander_(std::make_unique<TraceExpander>(*root_)) {}

Result<TraceDocument> TraceDocument::read(std::string_view text, std::string_view name) {
  if (text.size() > kMaxTraceBytes) {
    return Error{.code = Code::kTooLarge,
                 .message = fmt::format("the trace has more than {} bytes, which is the limit", kMaxTraceBytes),
                 .where = std::string(name)};
  }
  Result<Value> root = read_json(text, name, {.max_depth = kMaxTraceDepth});
  if (!root) {
    Error e = std::move(root).error();
    e.hint =
        fmt::format("If this is the trace of a run that was killed: pflow-host trace repair {}", printable(name, 1000));
    return e;
  }
  if (Result<void> good = check_trace_format(*root, name); !good) return std::move(good).error();
  const Value* events = root->find(kNodes);
  if (events == nullptr || !events->is_array()) {
    return Error{.code = Code::kWrongType,
                 .message = "the trace has no list of events in \"nodes\"",
                 .where = std::string(name)};
  }
  return TraceDocument(std::move(root).value());
}

}  // namespace pflow
