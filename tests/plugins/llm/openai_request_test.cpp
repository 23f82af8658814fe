#include <boost/test/unit_test.hpp>

#include "openai_wire.hpp"
#include "tests/plugins/llm/golden.hpp"

namespace pflow::llm::openai {
namespace {

const OpenAiWire kChat(Api::kChat);
const OpenAiWire kResponses(Api::kResponses);

Question of(std::string_view base_url) {
  Question q = test::question("Hi");
  q.base_url = base_url;
  return q;
}

ProviderError refusing(std::string message, std::string param = "") {
  return {.message = std::move(message), .code = {}, .type = {}, .param = std::move(param), .retry_after_ms = {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openai_request)

BOOST_AUTO_TEST_CASE(the_smallest_chat) {
  const WireRequest r = kChat.request(test::question("Hi"));
  BOOST_TEST(r.url == "https://api.openai.com/v1/chat/completions");
  BOOST_REQUIRE(r.headers.size() == 1U);
  BOOST_TEST(r.headers[0].first == "Authorization");
  BOOST_TEST(r.headers[0].second == "Bearer k");
  test::expect_json(r.body, R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})");
}

BOOST_AUTO_TEST_CASE(everything_in_a_chat) {
  Question q = test::question("Hi");
  q.system = "Be brief";
  q.temperature = 0.7;
  q.max_tokens = 9;
  q.stop = {"END", "\n"};
  q.stream = true;
  q.images = {{.url = "https://a/b.png", .media_type = {}, .base64 = {}},
              {.url = {}, .media_type = "image/png", .base64 = "AAAA"}};
  test::expect_json(kChat.request(q).body, R"({"model":"m","messages":[{"role":"system","content":"Be brief"},
    {"role":"user","content":[{"type":"text","text":"Hi"},
      {"type":"image_url","image_url":{"url":"https://a/b.png"}},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],
    "temperature":0.7,"max_completion_tokens":9,"stop":["END","\n"],"stream":true,"stream_options":{"include_usage":true}})");
}

BOOST_AUTO_TEST_CASE(everything_in_responses) {
  Question q = test::question("Hi");
  q.system = "Be brief";
  q.temperature = 0;
  q.max_tokens = 9;
  q.stream = true;
  q.images = {{.url = "https://a/b.png", .media_type = {}, .base64 = {}}};
  const WireRequest r = kResponses.request(q);
  BOOST_TEST(r.url == "https://api.openai.com/v1/responses");
  test::expect_json(r.body, R"({"model":"m","instructions":"Be brief","input":[{"role":"user","content":[
      {"type":"input_text","text":"Hi"},{"type":"input_image","image_url":"https://a/b.png"}]}],
    "temperature":0.0,"max_output_tokens":9,"store":false,"stream":true})");
}

BOOST_AUTO_TEST_CASE(responses_know_no_stop_texts) {
  Question q = test::question("Hi");
  q.stop = {"x"};
  BOOST_CHECK_EXCEPTION(static_cast<void>(kResponses.request(q)), sdk::Failure,
                        [](const sdk::Failure& f) { return f.code == "invalid_parameter"; });
}

BOOST_AUTO_TEST_CASE(a_schema_is_strict_only_where_the_mode_can_take_it) {
  Question q = test::question("Hi");
  q.wants_json = true;
  q.schema =
      test::parse(
          R"({"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false})")
          .as_object();
  test::expect_json(chat_body(q).at("response_format"),
                    R"({"type":"json_schema","json_schema":{"name":"answer","strict":true,
    "schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}}})");
  test::expect_json(responses_body(q).at("text"), R"({"format":{"type":"json_schema","name":"answer","strict":true,
    "schema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}}})");
  q.schema->erase("additionalProperties");
  BOOST_TEST(!chat_body(q).at("response_format").at("json_schema").at("strict").as_bool());
}

BOOST_AUTO_TEST_CASE(json_of_any_form_is_spoken_of_in_the_request) {
  Question q = test::question("Hi");
  q.wants_json = true;
  test::expect_json(chat_body(q), R"({"model":"m","messages":[
    {"role":"system","content":"Answer with a JSON value and nothing else."},{"role":"user","content":"Hi"}],
    "response_format":{"type":"json_object"}})");
  q.prompt = "Give me JSON";
  test::expect_json(chat_body(q).at("messages"), R"([{"role":"user","content":"Give me JSON"}])");
}

BOOST_AUTO_TEST_CASE(a_base_url_may_have_its_path_or_not) {
  BOOST_TEST(endpoint("http://localhost:8080", Api::kChat) == "http://localhost:8080/v1/chat/completions");
  BOOST_TEST(endpoint("http://localhost:8080/v1", Api::kResponses) == "http://localhost:8080/v1/responses");
  BOOST_TEST(endpoint("https://openrouter.ai/api/v1", Api::kChat) == "https://openrouter.ai/api/v1/chat/completions");
  BOOST_TEST(endpoint("http://h/x/chat/completions", Api::kChat) == "http://h/x/chat/completions");
  BOOST_TEST(endpoint("http://h/v1/responses", Api::kChat) == "http://h/v1/chat/completions");
}

BOOST_AUTO_TEST_CASE(a_server_of_ones_own_needs_no_key_and_takes_the_older_limit) {
  Question q = of("http://localhost:8080/v1");
  q.key.clear();
  q.max_tokens = 5;
  const WireRequest r = kChat.request(q);
  BOOST_TEST(r.headers.empty());
  test::expect_json(r.body, R"({"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":5})");
}

BOOST_AUTO_TEST_CASE(what_a_server_refuses_is_left_out_once) {
  Question q = of("http://localhost:8080/v1");
  q.stream = true;
  const ProviderError error = refusing("Unknown field: stream_options");
  BOOST_TEST(!kChat.adjust(q, 500, error));
  BOOST_TEST(!kChat.adjust(q, 400, refusing("bad prompt")));
  BOOST_TEST(kChat.adjust(q, 422, error));
  BOOST_TEST(!chat_body(q).contains("stream_options"));
  BOOST_TEST(!kChat.adjust(q, 422, error));
}

BOOST_AUTO_TEST_CASE(the_other_limit_is_tried_when_one_is_refused) {
  Question q = of("https://api.openai.com/v1");
  q.max_tokens = 5;
  BOOST_TEST(kChat.adjust(q, 400, refusing("Unrecognized request argument: max_completion_tokens")));
  BOOST_TEST(chat_body(q).contains("max_tokens"));
  Question other = of("http://localhost:8080/v1");
  other.max_tokens = 5;
  BOOST_TEST(!kChat.adjust(other, 400, refusing("max_tokens is too large: 5")));
  BOOST_TEST(kChat.adjust(
      other, 400, refusing("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_tokens")));
  BOOST_TEST(chat_body(other).contains("max_completion_tokens"));
}

BOOST_AUTO_TEST_CASE(known_servers_are_billed_by_their_own_names) {
  BOOST_TEST(kChat.billed_by(of("https://openrouter.ai/api/v1")) == "openrouter");
  BOOST_TEST(kChat.billed_by(of("https://api.groq.com/openai/v1")) == "groq");
  BOOST_TEST(kChat.billed_by(of("http://localhost:8080")) == "openai");
  BOOST_TEST(kChat.billed_by(of("https://api.openai.com/v1")) == "openai");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm::openai
