#include <boost/test/unit_test.hpp>

#include "openai_wire.hpp"
#include "refused_feature.hpp"
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

BOOST_AUTO_TEST_CASE(strict_schemas_say_what_every_part_is_and_require_every_member_by_name) {
  const auto strict = [](std::string_view property, std::string_view required) {
    Question q = test::question("Hi");
    q.schema = test::parse(R"({"type":"object","properties":{"a":)" + std::string(property) + R"(},"required":)" +
                           std::string(required) + R"(,"additionalProperties":false,"$defs":{"x":{"type":"null"}}})")
                   .as_object();
    return is_strict(q);
  };
  constexpr std::string_view kA = R"(["a"])";
  for (const std::string_view good :
       {R"({"type":"string","enum":["x"]})", R"({"$ref":"#/$defs/x"})",
        R"({"anyOf":[{"type":"null"},{"type":"string"}]})", R"({"type":["string","null"]})"})
    BOOST_TEST(strict(good, kA), good);
  for (const std::string_view bad : {"{}", R"({"enum":["x"]})", R"({"description":"d"})", R"({"type":"array"})",
                                     R"({"anyOf":[{}]})", R"({"type":"array","items":{}})"})
    BOOST_TEST(!strict(bad, kA), bad);
  BOOST_TEST(!strict(R"({"type":"string"})", R"(["b"])"));
  BOOST_TEST(strict(R"({"type":"string"})", R"(["a","a"])"));
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_refused_is_sent_once_more_without_strict) {
  const ProviderError error = refusing("Invalid schema for response_format 'answer': In context=(), ...");
  for (const OpenAiWire* wire : {&kChat, &kResponses}) {
    Question q = test::question("Hi");
    BOOST_TEST(!wire->adjust(q, 400, error));
    q.schema = test::parse(R"({"type":"object","properties":{},"additionalProperties":false})").as_object();
    BOOST_TEST(json::serialize(wire->request(q).body).find(R"("strict":true)") != std::string::npos);
    BOOST_TEST(wire->adjust(q, 400, error));
    BOOST_TEST(json::serialize(wire->request(q).body).find(R"("strict":false)") != std::string::npos);
    BOOST_TEST(!wire->adjust(q, 400, error));
  }
}

BOOST_AUTO_TEST_CASE(responses_want_json_spoken_of_in_their_input) {
  Question q = test::question("Hi");
  q.wants_json = true;
  q.system = "Speak JSON";
  test::expect_json(responses_body(q).at("input"), R"([
    {"role":"developer","content":"Answer with a JSON value and nothing else."},
    {"role":"user","content":[{"type":"input_text","text":"Hi"}]}])");
  BOOST_TEST(responses_body(q).at("instructions").as_string() == "Speak JSON");
  q.prompt = "As JSON";
  BOOST_TEST(responses_body(q).at("input").as_array().size() == 1U);
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

BOOST_AUTO_TEST_CASE(a_temperature_that_the_model_does_not_take_is_left_out) {
  for (const OpenAiWire* wire : {&kChat, &kResponses}) {
    Question q = of("https://api.openai.com/v1");
    const ProviderError error =
        refusing("Unsupported value: 'temperature' does not support 0 with this model.", "temperature");
    BOOST_TEST(!wire->adjust(q, 400, error));  // none was sent
    q.temperature = 0;
    BOOST_TEST(!wire->adjust(q, 400, refusing("'temperature' must be at most 2", "temperature")));
    BOOST_TEST(wire->request(q).body.contains("temperature"));
    BOOST_TEST(wire->adjust(q, 400, error));
    BOOST_TEST(!wire->request(q).body.contains("temperature"));
    BOOST_TEST(!wire->adjust(q, 400, error));
  }
}

BOOST_AUTO_TEST_CASE(a_schema_of_no_object_is_wrapped_where_objects_alone_are_taken) {
  Question q = of("https://api.openai.com/v1");
  q.schema =
      test::parse(R"({"type":"array","items":{"$ref":"#/$defs/s"},"$defs":{"s":{"type":"string"}}})").as_object();
  constexpr std::string_view kWrapped =
      R"({"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object",
      "$defs":{"s":{"type":"string"}},"properties":{"value":{"type":"array","items":{"$ref":"#/$defs/s"}}},
      "required":["value"],"additionalProperties":false}}})";
  kChat.note_refusals(q);
  test::expect_json(chat_body(q)["response_format"], kWrapped);
  Question other = of("http://localhost:8080/v1");
  other.schema = q.schema;
  kChat.note_refusals(other);
  BOOST_TEST(!other.has_refused(kBareSchemaFeature));
  const ProviderError error = refusing(
      R"(Invalid schema for response_format 'answer': schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.)");
  BOOST_TEST(kChat.adjust(other, 400, error));
  test::expect_json(chat_body(other)["response_format"], kWrapped);
  BOOST_TEST(!kChat.adjust(q, 400, refusing("something else")));
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
  BOOST_TEST(kChat.billed_by(of("https://API.Groq.com:443/openai/v1")) == "groq");
  BOOST_TEST(is_own_server("https://API.OpenAI.com:443"));
  BOOST_TEST(!is_own_server("https://api.openai.com.evil.org"));
}

BOOST_AUTO_TEST_CASE(only_what_openrouter_itself_charged_is_a_cost) {
  const auto cost = [](std::string_view base_url, std::string_view usage) {
    Reply reply;
    reply.raw_usage = usage;
    return kChat.cost_nano_usd(of(base_url), reply).value_or(-1);
  };
  constexpr std::string_view kOpenRouter = "https://openrouter.ai/api/v1";
  BOOST_TEST(cost(kOpenRouter, R"({"cost":0.0014715})") == 1'471'500);
  BOOST_TEST(cost(kOpenRouter, R"({"cost":0.0000000015,"is_byok":false})") == 2);
  BOOST_TEST(cost(kOpenRouter, R"({"cost":0.0000000014})") == 1);
  BOOST_TEST(cost(kOpenRouter, R"({"cost":12345.678901234})") == 12'345'678'901'234);
  BOOST_TEST(cost(kOpenRouter, R"({"cost":3})") == 3'000'000'000);
  BOOST_TEST(cost(kOpenRouter, R"({"cost":0})") == 0);
  BOOST_TEST(cost(kOpenRouter, R"({"cost":0.5,"is_byok":true})") == -1);
  for (const std::string_view usage :
       {"", "{}", R"({"cost":"1"})", R"({"cost":null})", R"({"cost":-1})", R"({"cost":1e30})"})
    BOOST_TEST(cost(kOpenRouter, usage) == -1, usage);
  BOOST_TEST(cost("https://api.groq.com/openai/v1", R"({"cost":0.5})") == -1);
  BOOST_TEST(cost("https://api.openai.com/v1", R"({"cost":0.5})") == -1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm::openai
