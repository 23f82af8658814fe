#include "host/cli/envelope.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"

namespace pflow::host {
namespace {

// The line without what is another number each time.
std::string told(const Outcome& outcome) {
  const Result<Value> line = read_json(pflow::host::envelope(outcome, RunReport()), "line");
  BOOST_REQUIRE(line);
  ObjectBuilder m;
  for (const std::string_view name :
       {"type", "subtype", "is_error", "result", "structured_output", "status", "errors", "warnings"}) {
    m.add(name, *line->find(name));
  }
  return to_json(m.finish()) + "\n";
}

BOOST_AUTO_TEST_SUITE(envelope)

BOOST_AUTO_TEST_CASE(success_is_one_line_with_every_key) {
  Outcome outcome;
  outcome.has_result = true;
  outcome.result = {{"text", Value::string("a\nb")}, {"n", Value::integer(std::int64_t{2})}};
  BOOST_TEST(told(outcome) ==
             R"({"type":"result","subtype":"success","is_error":false,"result":{"text":"a\nb","n":2},)"
             R"("structured_output":{"text":"a\nb","n":2},"status":"success","errors":[],"warnings":[]})"
             "\n");
}

BOOST_AUTO_TEST_CASE(a_failure_has_no_result_and_says_null_for_what_is_not_known) {
  Outcome outcome;
  outcome.status = RunStatus::kFailed;
  Error e;
  e.code = Code::kNodeFailed;
  e.node_code = "exit_status";
  e.message = "node \"a\": it failed";
  e.node_id = "a";
  outcome.errors.push_back(e);
  BOOST_TEST(told(outcome) ==
             R"({"type":"result","subtype":"error_during_execution","is_error":true,"result":null,)"
             R"("structured_output":null,"status":"failed","errors":[{"code":"exit_status",)"
             R"("message":"node \"a\": it failed","node_id":"a","where":null,"hint":null}],"warnings":[]})"
             "\n");
}

BOOST_AUTO_TEST_CASE(a_degraded_run_is_no_error_and_keeps_its_result) {
  Outcome outcome;
  outcome.status = RunStatus::kDegraded;
  outcome.has_result = true;
  const std::string line = told(outcome);
  BOOST_TEST(line.find(R"("subtype":"success","is_error":false,"result":{})") != std::string::npos);
  BOOST_TEST(line.find(R"("status":"degraded")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_is_an_error) {
  Outcome outcome;
  outcome.status = RunStatus::kCancelled;
  const std::string line = told(outcome);
  BOOST_TEST(line.find(R"("is_error":true)") != std::string::npos);
  BOOST_TEST(line.find(R"("status":"cancelled")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_budget_that_was_exceeded_is_an_error_of_its_own) {
  Outcome outcome;
  outcome.status = RunStatus::kFailed;
  Error e;
  e.code = Code::kBudgetExceeded;
  outcome.errors.push_back(e);
  const std::string line = pflow::host::envelope(outcome, RunReport());
  BOOST_TEST(line.find(R"("subtype":"error_max_budget_usd")") != std::string::npos);
  BOOST_TEST(line.find(R"("terminal_reason":"budget_exhausted")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_is_summed_up_in_one_line_for_people) {
  MetricsCollector metrics(std::vector<MetricsCollector::NodeName>{{"a", "x"}});
  metrics.call_ended(0, 1, 1, false);
  RunReport report;
  report.metrics = &metrics;
  report.program_start = std::chrono::steady_clock::now();
  BOOST_TEST(summary_line(report) == "0.00 s, 1 node, no LLM calls");
  LlmCall call;
  call.model = "m";
  call.input_tokens = 1'234'567;
  call.output_tokens = 89;
  call.cost_nano_usd = 12'345'678;
  metrics.llm_called(0, call);
  BOOST_TEST(summary_line(report) == "0.00 s, 1 node, 1,234,567 + 89 tokens, $0.012");
  call.cost_basis = CostBasis::kUnknown;
  call.cost_nano_usd = 2'000'000'000;
  metrics.llm_called(0, call);
  BOOST_TEST(summary_line(report) == "0.00 s, 1 node, 2,469,134 + 178 tokens, $2.01 (incomplete)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
