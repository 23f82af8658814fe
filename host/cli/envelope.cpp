#include "host/cli/envelope.hpp"

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"

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

Value text_or_null(std::string_view text) {
  return text.empty() ? Value() : Value::string(text);
}

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

}  // namespace

std::string envelope(const Outcome& outcome) {
  const bool failed = outcome.status == RunStatus::kFailed || outcome.status == RunStatus::kCancelled;
  const Value result = result_value(outcome);
  ObjectBuilder m;
  m.add(key::kType, "result");
  m.add(key::kSubtype, Value::string(failed ? "error_during_execution" : "success"));
  m.add(key::kIsError, Value::boolean(failed));
  m.add(key::kResult, result);
  m.add(key::kStructuredOutput, result);
  m.add(key::kStatus, run_status_name(outcome.status));
  m.add(key::kErrors, problems_value(outcome.errors));
  m.add(key::kWarnings, problems_value(outcome.warnings));
  return to_json(m.finish()) + "\n";
}

}  // namespace pflow::host
