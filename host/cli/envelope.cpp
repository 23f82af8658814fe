#include "host/cli/envelope.hpp"

#include "core/base/json_write.hpp"

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

void put(std::vector<Member>& members, std::string_view name, Value v) {
  members.push_back({Value::string(name), std::move(v)});
}

Value text_or_null(std::string_view text) {
  return text.empty() ? Value() : Value::string(text);
}

Value problems_value(const Problems& problems) {
  std::vector<Value> list;
  for (const Error& e : problems) {
    std::vector<Member> m;
    put(m, key::kCode, Value::string(e.code_text()));
    put(m, key::kMessage, Value::string(e.message));
    put(m, key::kNodeId, text_or_null(e.node_id));
    put(m, key::kWhere, text_or_null(e.where));
    put(m, key::kHint, text_or_null(e.hint));
    list.push_back(Value::object(m));
  }
  return Value::array(list);
}

Value result_value(const Outcome& outcome) {
  if (!outcome.has_result) return {};
  std::vector<Member> m;
  for (const auto& [name, value] : outcome.result)
    put(m, name, value);
  return Value::object(m);
}

}  // namespace

std::string envelope(const Outcome& outcome) {
  const bool failed = outcome.status == RunStatus::kFailed || outcome.status == RunStatus::kCancelled;
  const Value result = result_value(outcome);
  std::vector<Member> m;
  put(m, key::kType, Value::string("result"));
  put(m, key::kSubtype, Value::string(failed ? "error_during_execution" : "success"));
  put(m, key::kIsError, Value::boolean(failed));
  put(m, key::kResult, result);
  put(m, key::kStructuredOutput, result);
  put(m, key::kStatus, Value::string(run_status_name(outcome.status)));
  put(m, key::kErrors, problems_value(outcome.errors));
  put(m, key::kWarnings, problems_value(outcome.warnings));
  return to_json(Value::object(m)) + "\n";
}

}  // namespace pflow::host
