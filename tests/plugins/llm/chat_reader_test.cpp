#include <boost/test/unit_test.hpp>

#include "openai_wire.hpp"
#include "tests/plugins/llm/golden.hpp"

namespace pflow::llm::openai {
namespace {

Reply of_body(std::string_view body) {
  Reply reply;
  BOOST_TEST(make_chat_reader()->read_body(test::parse(body), reply), body);
  return reply;
}

Reply of_events(std::initializer_list<std::string_view> events) {
  Reply reply;
  const auto reader = make_chat_reader();
  for (const std::string_view event : events)
    BOOST_TEST(reader->read_event("", event, reply), event);
  return reply;
}

std::string stop_reason(std::string_view finish_reason) {
  return of_body(R"({"choices":[{"message":{"content":"x"},"finish_reason":")" + std::string(finish_reason) + "\"}]}")
      .stop_reason;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chat_reader)

BOOST_AUTO_TEST_CASE(a_whole_answer) {
  const Reply r = of_body(R"({"id":"c1","model":"gpt-x-1","service_tier":"default",
    "choices":[{"message":{"role":"assistant","content":"Hello","refusal":null},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":10,"completion_tokens":7,"total_tokens":17,
      "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}})");
  BOOST_TEST(r.text == "Hello");
  BOOST_TEST(r.model == "gpt-x-1");
  BOOST_TEST(r.id == "c1");
  BOOST_TEST(r.stop_reason == "end_turn");
  BOOST_TEST(r.service_tier == "default");
  BOOST_TEST(r.api_flavor == "chat");
  BOOST_REQUIRE(r.usage);
  BOOST_TEST(r.usage->input == 10);
  BOOST_TEST(r.usage->output == 7);
  BOOST_TEST(r.usage->cache_read == 4);
  BOOST_TEST(r.usage->reasoning.value_or(-1) == 3);
  test::expect_json(test::parse(r.raw_usage), R"({"prompt_tokens":10,"completion_tokens":7,"total_tokens":17,
      "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}})");
}

BOOST_AUTO_TEST_CASE(a_stream_whose_usage_comes_last) {
  const Reply r =
      of_events({R"({"id":"c1","model":"m1","choices":[{"delta":{"role":"assistant","content":""}}],"usage":null})",
                 R"({"choices":[{"delta":{"content":"Hel"},"finish_reason":null}],"usage":null})",
                 R"({"choices":[{"delta":{"content":"lo"}}]})",
                 R"({"choices":[{"delta":{},"finish_reason":"length"}],"usage":null})",
                 R"({"choices":[],"usage":{"prompt_tokens":2,"completion_tokens":1}})", "[DONE]"});
  BOOST_TEST(r.text == "Hello");
  BOOST_TEST(r.stop_reason == "max_tokens");
  BOOST_TEST(r.finished);
  BOOST_REQUIRE(r.usage);
  BOOST_TEST(r.usage->input == 2);
  BOOST_TEST(r.usage->output == 1);
}

BOOST_AUTO_TEST_CASE(a_null_usage_is_absent_and_not_zero) {
  BOOST_TEST(!of_body(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":null})").usage);
  BOOST_TEST(!of_body(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{}})").usage);
}

BOOST_AUTO_TEST_CASE(of_several_usages_the_last_counts) {
  const Reply r = of_events({R"({"choices":[],"usage":{"prompt_tokens":2,"completion_tokens":1}})",
                             R"({"choices":[],"usage":{"prompt_tokens":2,"completion_tokens":5}})"});
  BOOST_TEST(r.usage->input == 2);
  BOOST_TEST(r.usage->output == 5);
}

BOOST_AUTO_TEST_CASE(compatible_servers_put_things_elsewhere) {
  const Reply groq = of_events({R"({"choices":[],"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":4}}})"});
  BOOST_TEST(groq.usage->output == 4);
  const Reply deepseek =
      of_body(R"({"choices":[{"message":{"content":"x","reasoning_content":"hm"},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":3}})");
  BOOST_TEST(deepseek.reasoning == "hm");
  BOOST_TEST(deepseek.usage->cache_read == 6);
  const Reply openrouter = of_events({R"({"choices":[{"delta":{"reasoning":"so","content":""}}]})"});
  BOOST_TEST(openrouter.reasoning == "so");
}

BOOST_AUTO_TEST_CASE(what_deepseek_read_from_its_cache_counts_beside_a_zero) {
  const Reply r = of_body(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":0},"prompt_cache_hit_tokens":6}})");
  BOOST_TEST(r.usage->cache_read == 6);
  BOOST_TEST(
      r.raw_usage ==
      R"({"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":6},"prompt_cache_hit_tokens":6})");
}

BOOST_AUTO_TEST_CASE(what_xai_thought_beside_the_answer_is_output_too) {
  const Reply beside =
      of_body(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,
    "completion_tokens":1,"total_tokens":399,"completion_tokens_details":{"reasoning_tokens":386}}})");
  BOOST_TEST(beside.usage->output == 387);
  const Reply within =
      of_body(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,
    "completion_tokens":387,"total_tokens":399,"completion_tokens_details":{"reasoning_tokens":386}}})");
  BOOST_TEST(within.usage->output == 387);
}

BOOST_AUTO_TEST_CASE(of_several_answers_the_first_counts) {
  const Reply r = of_events({R"({"choices":[{"index":0,"delta":{"content":"a"}}]})",
                             R"({"choices":[{"index":1,"delta":{"content":"b"}}]})",
                             R"({"choices":[{"index":0,"delta":{"content":"c"}}]})"});
  BOOST_TEST(r.text == "ac");
}

BOOST_AUTO_TEST_CASE(a_content_of_parts_is_joined) {
  constexpr std::string_view kParts = R"([{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]},
    {"type":"text","text":"Hel"},{"type":"reference","reference_ids":[1]},{"type":"text","text":"lo"}])";
  const Reply whole =
      of_body(R"({"choices":[{"message":{"content":)" + std::string(kParts) + R"(},"finish_reason":"stop"}]})");
  BOOST_TEST(whole.text == "Hello");
  BOOST_TEST(whole.reasoning == "Hm");
  const std::string event = R"({"choices":[{"delta":{"content":)" + std::string(kParts) + "}}]}";
  BOOST_TEST(of_events({event}).text == "Hello");
}

BOOST_AUTO_TEST_CASE(reasons_to_stop_have_pflows_names) {
  BOOST_TEST(stop_reason("stop") == "end_turn");
  BOOST_TEST(stop_reason("length") == "max_tokens");
  BOOST_TEST(stop_reason("tool_calls") == "tool_use");
  BOOST_TEST(stop_reason("content_filter") == "content_filter");
  BOOST_TEST(stop_reason("something") == "something");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_from_an_answer) {
  const Reply whole = of_body(R"({"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]})");
  BOOST_TEST(whole.text == "No.");
  BOOST_TEST(whole.stop_reason == "refusal");
  const Reply streamed = of_events({R"({"choices":[{"delta":{"refusal":"No."}}]})",
                                    R"({"choices":[{"delta":{},"finish_reason":"stop"}]})", "[DONE]"});
  BOOST_TEST(streamed.stop_reason == "refusal");
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_stream_is_one) {
  const Reply r = of_events(
      {R"({"error":{"message":"busy","code":502},"choices":[{"delta":{"content":""},"finish_reason":"error"}]})"});
  BOOST_REQUIRE(r.error);
  BOOST_TEST(r.error->message == "busy");
  BOOST_TEST(r.error->code == "502");
}

BOOST_AUTO_TEST_CASE(what_is_no_event_or_no_answer_is_not_taken_for_one) {
  Reply reply;
  BOOST_TEST(!make_chat_reader()->read_event("", "{\"choices\":[", reply));
  BOOST_TEST(!make_chat_reader()->read_event("", "[]", reply));
  BOOST_TEST(!make_chat_reader()->read_body(test::parse(R"({"choices":[]})"), reply));
  BOOST_TEST(!make_chat_reader()->read_body(test::parse("[1]"), reply));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm::openai
