#include "host/cli/envelope.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

BOOST_AUTO_TEST_SUITE(envelope)

BOOST_AUTO_TEST_CASE(success_is_one_line_with_every_key) {
  Outcome outcome;
  outcome.has_result = true;
  outcome.result = {{"text", Value::string("a\nb")}, {"n", Value::integer(std::int64_t{2})}};
  BOOST_TEST(pflow::host::envelope(outcome) ==
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
  BOOST_TEST(pflow::host::envelope(outcome) ==
             R"({"type":"result","subtype":"error_during_execution","is_error":true,"result":null,)"
             R"("structured_output":null,"status":"failed","errors":[{"code":"exit_status",)"
             R"("message":"node \"a\": it failed","node_id":"a","where":null,"hint":null}],"warnings":[]})"
             "\n");
}

BOOST_AUTO_TEST_CASE(a_degraded_run_is_no_error_and_keeps_its_result) {
  Outcome outcome;
  outcome.status = RunStatus::kDegraded;
  outcome.has_result = true;
  const std::string line = pflow::host::envelope(outcome);
  BOOST_TEST(line.find(R"("subtype":"success","is_error":false,"result":{})") != std::string::npos);
  BOOST_TEST(line.find(R"("status":"degraded")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_is_an_error) {
  Outcome outcome;
  outcome.status = RunStatus::kCancelled;
  const std::string line = pflow::host::envelope(outcome);
  BOOST_TEST(line.find(R"("is_error":true)") != std::string::npos);
  BOOST_TEST(line.find(R"("status":"cancelled")") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
