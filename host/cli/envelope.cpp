#include "host/cli/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "core/metrics/duration.hpp"
#include "host/cli/amounts.hpp"

namespace pflow::host {
namespace {

namespace key {
constexpr std::string_view kType = "type";
constexpr std::string_view kSubtype = "subtype";
constexpr std::string_view kIsError = "is_error";
constexpr std::string_view kResult = "result";
constexpr std::string_view kStructuredOutput = "structured_output";
constexpr std::string_view kStatus = "status";
constexpr std::string_view kErrors = "errors";
constexpr std::string_view kWarnings = "warnings";
constexpr std::string_view kCode = "code";
constexpr std::string_view kMessage = "message";
constexpr std::string_view kNodeId = "node_id";
constexpr std::string_view kWhere = "where";
constexpr std::string_view kHint = "hint";
}  // namespace key

Value problems_value(const Problems& problems) {
  std::vector<Value> list;
  for (const Error& e : problems) {
    ObjectBuilder m;
    m.add(key::kCode, e.code_text());
    m.add(key::kMessage, e.message);
    m.add(key::kNodeId, text_or_null(e.node_id));
    m.add(key::kWhere, text_or_null(e.where));
    m.add(key::kHint, text_or_null(e.hint));
    list.push_back(m.finish());
  }
  return Value::array(list);
}

Value result_value(const Outcome& outcome) {
  if (!outcome.has_result) return {};
  ObjectBuilder m;
  for (const auto& [name, value] : outcome.result)
    m.add(name, value);
  return m.finish();
}

// How the run ended, in the words of those who read Claude Code's results.
struct Ending {
  std::string_view subtype;
  std::string_view terminal_reason;
};

Ending ending_of(const Outcome& outcome) {
  const bool over_budget = std::any_of(outcome.errors.begin(), outcome.errors.end(),
                                       [](const Error& e) { return e.code == Code::kBudgetExceeded; });
  if (over_budget) return {"error_max_budget_usd", "budget_exhausted"};
  if (outcome.status == RunStatus::kCancelled) return {"error_during_execution", "aborted_streaming"};
  if (outcome.status == RunStatus::kFailed) return {"error_during_execution", "error"};
  return {"success", "completed"};
}

Value names_value(const std::vector<std::string_view>& names) {
  std::vector<Value> list;
  for (const std::string_view name : names)
    list.push_back(Value::string(name));
  return Value::array(list);
}

std::int64_t ns_since(SteadyTime start) {
  return ns_between(start, std::chrono::steady_clock::now());
}

}  // namespace

std::string new_uuid() {
  return boost::uuids::to_string(boost::uuids::random_generator()());
}

std::string envelope(const Outcome& outcome, const RunReport& report) {
  static const MetricsCollector kNothing({});
  const MetricsCollector& metrics = report.metrics != nullptr ? *report.metrics : kNothing;
  const MetricsCollector::Totals& totals = metrics.totals();
  const bool failed = outcome.status == RunStatus::kFailed || outcome.status == RunStatus::kCancelled;
  const Value result = result_value(outcome);
  const Ending ending = ending_of(outcome);
  const std::vector<std::string_view> unpriced = metrics.unpriced_models();
  const std::int64_t total_ns = ns_since(report.program_start);
  ObjectBuilder m;
  m.add(key::kType, "result");
  m.add(key::kSubtype, ending.subtype);
  m.add(key::kIsError, Value::boolean(failed));
  m.add(key::kResult, result);
  m.add(key::kStructuredOutput, result);
  m.add(key::kStatus, run_status_name(outcome.status));
  m.add("duration_ms", ms_value(total_ns));
  m.add("duration_api_ms", ms_value(totals.api_ns));
  m.add("duration_planner_ms", Value());
  m.add("num_turns", Value::integer(std::uint64_t{metrics.llm_calls().size()}));
  m.add("num_nodes", Value::integer(totals.nodes_executed));
  m.add("session_id", report.execution_id.empty() ? new_uuid() : report.execution_id);
  m.add("uuid", new_uuid());
  m.add("total_cost_usd", usd_value(totals.cost_nano_usd));
  m.add("cost_incomplete", Value::boolean(metrics.cost_is_incomplete() || report.cost_is_lost));
  m.add("unpriced_models", names_value(unpriced));
  m.add("usage", metrics.usage_value());
  m.add("modelUsage", metrics.model_usage_value());
  m.add("permission_denials", Value::array({}));
  m.add("stop_reason", failed ? Value() : Value::string("end_turn"));
  m.add("terminal_reason", ending.terminal_reason);
  m.add(key::kErrors, problems_value(outcome.errors));
  m.add(key::kWarnings, problems_value(outcome.warnings));
  m.add("metrics", metrics.metrics_value(report.run_ns, total_ns));
  m.add("trace_file", report.trace_file ? Value::string(report.trace_file->string()) : Value());
  m.add("planner_trace_file", Value());
  return to_json(m.finish()) + "\n";
}

std::string summary_line(const RunReport& report) {
  const MetricsCollector::Totals& totals = report.metrics->totals();
  std::string text = fmt::format("{:.2f} s, {}", static_cast<double>(ns_since(report.program_start)) / 1e9,
                                 counted_text(totals.nodes_executed, "node"));
  if (report.metrics->llm_calls().empty()) return text + ", no LLM calls";
  const auto tokens = [](std::int64_t n) {
    return grouped_text(static_cast<std::uint64_t>(std::max<std::int64_t>(n, 0)));
  };
  return text + fmt::format(", {} + {} tokens, {}{}", tokens(totals.tokens_input), tokens(totals.tokens_output),
                            money_text(static_cast<double>(totals.cost_nano_usd) / 1e9),
                            report.metrics->unpriced_models().empty() ? "" : " (incomplete)");
}

}  // namespace pflow::host
