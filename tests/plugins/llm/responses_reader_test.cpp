#include <boost/test/unit_test.hpp>

#include "openai_wire.hpp"
#include "tests/plugins/llm/golden.hpp"

namespace pflow::llm::openai {
namespace {

constexpr std::string_view kWhole =
    R"({"id":"r1","object":"response","status":"completed","model":"gpt-x-1","error":null,
  "service_tier":"flex","output":[
    {"type":"reasoning","summary":[{"type":"summary_text","text":"first"},{"type":"summary_text","text":"then"}]},
    {"type":"message","content":[{"type":"output_text","text":"Hel"},{"type":"output_text","text":"lo"}]}],
  "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},
    "output_tokens":7,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":17}})";

Reply of_body(std::string_view body) {
  Reply reply;
  BOOST_TEST(make_responses_reader()->read_body(test::parse(body), reply), body);
  return reply;
}

Reply of_events(std::initializer_list<std::string> events) {
  Reply reply;
  const auto reader = make_responses_reader();
  for (const std::string& event : events)
    BOOST_TEST(reader->read_event("", event, reply), event);
  return reply;
}

std::string end(std::string_view type, std::string_view response) {
  return R"({"type":")" + std::string(type) + R"(","response":)" + std::string(response) + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(responses_reader)

BOOST_AUTO_TEST_CASE(a_whole_answer) {
  const Reply r = of_body(kWhole);
  BOOST_TEST(r.text == "Hello");
  BOOST_TEST(r.reasoning == "first\n\nthen");
  BOOST_TEST(r.model == "gpt-x-1");
  BOOST_TEST(r.stop_reason == "end_turn");
  BOOST_TEST(r.service_tier == "flex");
  BOOST_TEST(r.api_flavor == "responses");
  BOOST_REQUIRE(r.usage);
  BOOST_TEST(r.usage->input == 10);
  BOOST_TEST(r.usage->output == 7);
  BOOST_TEST(r.usage->cache_read == 4);
  BOOST_TEST(r.usage->reasoning.value_or(-1) == 3);
}

BOOST_AUTO_TEST_CASE(a_stream_does_not_count_its_last_event_twice) {
  const Reply r = of_events(
      {R"({"type":"response.created","response":{"id":"r1","model":"m1","status":"in_progress","usage":null}})",
       R"({"type":"response.reasoning_summary_text.delta","delta":"first"})",
       R"({"type":"response.output_text.delta","delta":"Hel"})", R"({"type":"response.something_new","delta":"?"})",
       R"({"type":"response.output_text.delta","delta":"lo"})", end("response.completed", kWhole)});
  BOOST_TEST(r.text == "Hello");
  BOOST_TEST(r.reasoning == "first");
  BOOST_TEST(r.finished);
  BOOST_TEST(r.usage->output == 7);
}

BOOST_AUTO_TEST_CASE(a_text_that_only_the_last_event_has_is_taken_from_there) {
  const Reply thought = of_events(
      {R"({"type":"response.reasoning_summary_text.delta","delta":"first"})", end("response.completed", kWhole)});
  BOOST_TEST(thought.text == "Hello");
  BOOST_TEST(thought.reasoning == "first");
}

BOOST_AUTO_TEST_CASE(a_call_of_a_function_is_one_in_a_stream_too) {
  const Reply told = of_events({R"({"type":"response.output_item.added","item":{"type":"function_call","name":"f"}})",
                                end("response.completed", R"({"status":"completed","output":[]})")});
  BOOST_TEST(told.stop_reason == "tool_use");
  const Reply at_the_end = of_events(
      {R"({"type":"response.output_text.delta","delta":"Hel"})",
       end("response.completed", R"({"status":"completed","output":[{"type":"function_call","name":"f"}]})")});
  BOOST_TEST(at_the_end.stop_reason == "tool_use");
}

BOOST_AUTO_TEST_CASE(an_incomplete_response_says_why_and_has_its_usage) {
  const Reply r = of_events(
      {R"({"type":"response.output_text.delta","delta":"Hel"})",
       end("response.incomplete", R"({"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},
                               "usage":{"input_tokens":2,"output_tokens":3}})")});
  BOOST_TEST(r.stop_reason == "max_tokens");
  BOOST_TEST(r.finished);
  BOOST_TEST(r.usage->output == 3);
}

BOOST_AUTO_TEST_CASE(a_failed_response_is_an_error_with_its_usage) {
  const Reply r =
      of_events({end("response.failed", R"({"status":"failed","error":{"code":"server_error","message":"oops"},
    "usage":{"input_tokens":2,"output_tokens":3}})")});
  BOOST_REQUIRE(r.error);
  BOOST_TEST(r.error->message == "oops");
  BOOST_TEST(r.error->code == "server_error");
  BOOST_TEST(r.usage->output == 3);
}

BOOST_AUTO_TEST_CASE(an_error_event_is_one) {
  const Reply r = of_events({R"({"type":"error","code":"rate_limit_exceeded","message":"slow down","param":null})"});
  BOOST_REQUIRE(r.error);
  BOOST_TEST(r.error->code == "rate_limit_exceeded");
  BOOST_TEST(r.error->message == "slow down");
}

BOOST_AUTO_TEST_CASE(refusals_are_told_from_answers) {
  const Reply whole =
      of_body(R"({"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"No."}]}]})");
  BOOST_TEST(whole.text == "No.");
  BOOST_TEST(whole.stop_reason == "refusal");
  const Reply streamed = of_events({R"({"type":"response.refusal.delta","delta":"No."})",
                                    end("response.completed", R"({"status":"completed","output":[]})")});
  BOOST_TEST(streamed.text == "No.");
  BOOST_TEST(streamed.stop_reason == "refusal");
}

BOOST_AUTO_TEST_CASE(what_is_no_response_is_not_taken_for_one) {
  Reply reply;
  BOOST_TEST(!make_responses_reader()->read_body(test::parse("{}"), reply));
  BOOST_TEST(!make_responses_reader()->read_body(test::parse("[1]"), reply));
  BOOST_TEST(!make_responses_reader()->read_event("", "x", reply));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm::openai
