#include <boost/test/unit_test.hpp>

#include "core/trace/workflow_trace.hpp"
#include "tests/core/trace/traced_run.hpp"

namespace pflow {
namespace {

using test::canonical;
using test::long_text;
using test::member;
using test::ReadTrace;
using test::TracedRun;

BOOST_AUTO_TEST_SUITE(llm_call_event)

BOOST_AUTO_TEST_CASE(an_llm_request_does_not_refer_to_parameters_that_refer_to_a_text_that_was_cut) {
  TraceLimits limits;
  limits.store_max = 300;
  TracedRun run({"a", "b"}, {}, true, limits);
  run.begin();
  const Value text = long_text(600);
  run.run(0, {{"text", text}});
  TraceCall call = run.call(1);
  std::vector<Member> members{{Value::string("prompt"), text}, {Value::string("more"), long_text(290)}};
  const Value params = Value::object(members);
  call.params = &params;
  call.llm.resize(1);
  run.end(call);
  BOOST_TEST(to_json(*run.trace().event(1).find("params")->find("prompt")) ==
             R"({"$ref":"/nodes/0/shared_after/a/text"})");
  BOOST_TEST(run.trace().event(1).find("llm_call")->find("request")->find("prompt")->text() == text.text());
}

BOOST_AUTO_TEST_CASE(an_llm_request_and_response_refer_to_what_the_event_shows_already) {
  TracedRun run({"a"}, {});
  run.begin();
  TraceCall call = run.call(0);
  std::vector<Member> members{{Value::string("prompt"), long_text(500, 'p')}};
  const Value params = Value::object(members);
  const Value response = long_text(500, 'r');
  call.params = &params;
  call.response = &response;
  call.llm.resize(2);
  run.set(0, "response", response);
  run.end(call);
  BOOST_TEST(to_json(*run.trace().event(0).find("llm_call")->find("request")) == R"({"$ref":"/nodes/0/params"})");
  BOOST_TEST(to_json(*run.trace().event(0).find("llm_call")->find("response")) ==
             R"({"$ref":"/nodes/0/shared_after/a/response"})");
}

BOOST_AUTO_TEST_CASE(an_llm_call_shows_more_of_long_texts_than_the_rest) {
  TraceLimits limits;
  limits.store_max = 300;
  limits.prompt_max = 700;
  limits.response_max = 500;
  TracedRun run({"a"}, {}, true, limits);
  run.begin();
  TraceCall call = run.call(0);
  std::vector<Member> members{{Value::string("prompt"), long_text(600, 'p')}, {Value::string("short"), long_text(299)}};
  const Value params = Value::object(members);
  const Value response = long_text(600, 'r');
  call.params = &params;
  call.response = &response;
  call.llm.resize(1);
  run.set(0, "response", response);
  run.end(call);
  const ReadTrace trace = run.trace();
  const Value& event = trace.event(0);
  const Value& llm = *event.find("llm_call");
  const std::string mark = " ... [cut: 300 of 600 characters]";
  BOOST_TEST(event.find("params")->find("prompt")->text() == std::string(300, 'p') + mark);
  BOOST_TEST(event.find("shared_after")->find("a")->find("response")->text() == std::string(300, 'r') + mark);
  BOOST_TEST(llm.find("request")->find("prompt")->text() == std::string(600, 'p'));
  BOOST_TEST(to_json(*llm.find("request")->find("short")) == R"({"$ref":"/nodes/0/params/short"})");
  BOOST_TEST(llm.find("response")->text() == std::string(500, 'r') + " ... [cut: 500 of 600 characters]");
  BOOST_TEST(run.collector.truncations() == 3u);
}

BOOST_AUTO_TEST_CASE(a_smaller_limit_of_an_llm_call_is_not_evaded_by_a_reference) {
  TraceLimits limits;
  limits.prompt_max = 100;
  limits.response_max = 0;
  TracedRun run({"a"}, {}, true, limits);
  run.begin();
  TraceCall call = run.call(0);
  std::vector<Member> members{{Value::string("prompt"), long_text(600, 'p')}};
  const Value params = Value::object(members);
  call.params = &params;
  call.response = &params;
  call.llm.resize(1);
  run.end(call);
  BOOST_TEST(to_json(*run.trace().event(0).find("llm_call")->find("request")->find("prompt")) ==
             "\"" + std::string(100, 'p') + " ... [cut: 100 of 600 characters]\"");
  BOOST_TEST(to_json(*run.trace().event(0).find("llm_call")->find("response")->find("prompt")) ==
             "\" ... [cut: 0 of 600 characters]\"");
}

BOOST_AUTO_TEST_CASE(beyond_their_limit_llm_calls_are_left_out_and_counted) {
  TraceLimits limits;
  limits.llm_calls_max = 2;
  TracedRun run({"a"}, {}, true, limits);
  run.begin();
  TraceCall call = run.call(0);
  run.end(call);  // no LLM call: does not count
  call.llm.resize(1);
  for (int i = 0; i < 4; ++i)
    run.end(call);
  BOOST_TEST(member(run, "llm_call", 0) == "null");
  BOOST_TEST((run.trace().event(2).find("llm_call")->find("usage") != nullptr));
  BOOST_TEST(member(run, "llm_call", 3) == R"({"truncated":true})");
  BOOST_TEST(member(run, "llm_call", 4) == R"({"truncated":true})");
  BOOST_TEST(run.collector.truncations() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
