#include "gemini_wire.hpp"

#include <boost/test/unit_test.hpp>

#include "gemini_schema.hpp"
#include "tests/plugins/llm/wire_reading.hpp"

namespace pflow::llm::gemini {
namespace {

const GeminiWire kWire;
constexpr std::string_view kModel = "gemini-2.5-flash";

Question plain() {
  return test::question(kWire, kModel);
}

Question with_schema(std::string_view model, std::string_view schema) {
  Question q = test::question(kWire, model);
  q.schema = test::object(schema);
  q.wants_json = true;
  return q;
}

std::string converted(std::string_view schema) {
  return json::serialize(openapi_schema(test::object(schema)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gemini_wire)

BOOST_AUTO_TEST_CASE(a_plain_question_says_no_more_than_it_must) {
  BOOST_TEST(test::body(kWire, plain()) == R"({"contents":[{"role":"user","parts":[{"text":"Why?"}]}]})");
}

BOOST_AUTO_TEST_CASE(the_key_is_a_header_and_not_in_the_url) {
  const WireRequest request = kWire.request(plain());
  BOOST_TEST(request.url == "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent");
  BOOST_REQUIRE(request.headers.size() == 1);
  BOOST_TEST(request.headers[0].first == "x-goog-api-key");
  BOOST_TEST(request.headers[0].second == "the-key");
}

BOOST_AUTO_TEST_CASE(a_stream_is_another_method) {
  Question q = plain();
  q.stream = true;
  q.base_url = "http://localhost:9/v1";
  BOOST_TEST(kWire.request(q).url == "http://localhost:9/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
}

BOOST_AUTO_TEST_CASE(a_model_s_name_cannot_leave_its_place_in_the_url) {
  BOOST_TEST(model_path("gemini-2.5-flash") == "models/gemini-2.5-flash");
  BOOST_TEST(model_path("models/gemini-2.5-flash") == "models/gemini-2.5-flash");
  BOOST_TEST(model_path("tunedModels/mine") == "tunedModels/mine");
  BOOST_TEST(model_path("../x?key=1#a b") == "models/..%2Fx%3Fkey%3D1%23a%20b");
  BOOST_TEST(model_path("\xC3\xA9:x") == "models/%C3%A9%3Ax");
}

BOOST_AUTO_TEST_CASE(everything_that_a_node_may_say_has_its_place) {
  Question q = plain();
  q.system = "Be short.";
  q.temperature = 0.5;
  q.max_tokens = 100;
  q.stop = {"END"};
  q.images = {{"https://example.org/a.jpeg?x=1", "", ""}, {"https://example.org/a", "", ""}, {"", "image/png", "AAAA"}};
  BOOST_TEST(test::body(kWire, q) ==
             R"({"contents":[{"role":"user","parts":[)"
             R"({"fileData":{"fileUri":"https://example.org/a.jpeg?x=1","mimeType":"image/jpeg"}},)"
             R"({"fileData":{"fileUri":"https://example.org/a"}},)"
             R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"text":"Why?"}]}],)"
             R"("systemInstruction":{"parts":[{"text":"Be short."}]},)"
             R"("generationConfig":{"temperature":5E-1,"maxOutputTokens":100,"stopSequences":["END"]}})");
}

BOOST_AUTO_TEST_CASE(an_empty_system_text_is_not_sent) {
  Question q = plain();
  q.system = "";
  BOOST_TEST(test::body(kWire, q) == test::body(kWire, plain()));
}

BOOST_AUTO_TEST_CASE(a_schema_is_sent_as_it_is) {
  const std::string body = test::body(kWire, with_schema(kModel, R"({"type":["string","null"],"$defs":{}})"));
  BOOST_TEST(body.find(R"("generationConfig":{"responseMimeType":"application/json",)"
                       R"("responseJsonSchema":{"type":["string","null"],"$defs":{}}})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_old_model_gets_the_schema_in_its_own_form) {
  const std::string body = test::body(kWire, with_schema("gemini-2.0-flash", R"({"type":["string","null"]})"));
  BOOST_TEST(body.find(R"("responseSchema":{"type":"string","nullable":true})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_know_json_schemas_is_asked_in_the_old_form) {
  Question q = with_schema(kModel, R"({"type":"string"})");
  ProviderError error;
  error.message = R"(Invalid JSON payload received. Unknown name "responseJsonSchema" at 'generation_config')";
  BOOST_TEST(kWire.adjust(q, 400, error));
  BOOST_TEST(test::body(kWire, q).find("responseSchema") != std::string::npos);
  BOOST_TEST(!kWire.adjust(q, 400, error));  // once
}

BOOST_AUTO_TEST_CASE(json_without_a_schema_is_a_mime_type) {
  Question q = plain();
  q.wants_json = true;
  BOOST_TEST(test::body(kWire, q).find(R"("generationConfig":{"responseMimeType":"application/json"})") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_old_form_of_schemas_keeps_what_it_knows) {
  BOOST_TEST(
      converted(R"({"$schema":"x","title":"T","type":"object","additionalProperties":false,
    "properties":{"a":{"$ref":"#/$defs/a"},"b":{"type":"array","items":{"const":"x"},"minItems":1,"uniqueItems":true}},
    "required":["a"],"$defs":{"a":{"oneOf":[{"type":"integer","minimum":1},{"type":"string","enum":["p"]}]}}})") ==
      R"({"title":"T","type":"object","properties":{"a":{"anyOf":[{"type":"integer","minimum":1},)"
      R"({"type":"string","enum":["p"]}]},"b":{"type":"array","items":{"enum":["x"],"type":"string"},"minItems":1}},"required":["a"]})");
}

BOOST_AUTO_TEST_CASE(texts_to_choose_from_have_a_type_in_the_old_form) {
  BOOST_TEST(converted(R"({"enum":["a","b"]})") == R"({"enum":["a","b"],"type":"string"})");
  BOOST_TEST(converted(R"({"const":"a","type":"string"})") == R"({"enum":["a"],"type":"string"})");
  BOOST_TEST(converted(R"({"enum":["a"],"type":["string","null"]})") ==
             R"({"enum":["a"],"type":"string","nullable":true})");
  BOOST_TEST(converted(R"({"enum":[1,2]})") == "{}");
}

BOOST_AUTO_TEST_CASE(a_schema_that_refers_to_itself_ends) {
  const std::string out = converted(R"({"type":"object","properties":{"next":{"$ref":"#"}}})");
  BOOST_TEST(out.size() < 1000);
  BOOST_TEST(out.starts_with(R"({"type":"object","properties":{"next":{"type":"object")"));
  BOOST_TEST(converted(R"({"$ref":"#"})") == R"({"type":"object"})");
  std::string many = R"({"type":"object","properties":{)";
  for (char name = 'a'; name <= 'j'; ++name)
    many.append(name == 'a' ? "\"" : ",\"").append(1, name).append(R"(":{"$ref":"#"})");
  BOOST_TEST(converted(many + "}}").size() < 1'000'000U);
}

BOOST_AUTO_TEST_CASE(an_answer_is_read_with_all_its_counts) {
  const Reply reply = test::read_body(kWire, plain(), R"({"candidates":[{"content":{"parts":[
    {"text":"Hm.","thought":true},{"text":"Because"},{"text":".","thoughtSignature":"x"}],"role":"model"},"finishReason":"STOP"}],
    "usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":3,
    "toolUsePromptTokenCount":2,"totalTokenCount":20},"modelVersion":"gemini-2.5-flash-001","responseId":"r1"})");
  BOOST_TEST(reply.text == "Because.");
  BOOST_TEST(reply.reasoning == "Hm.");
  BOOST_TEST(reply.model == "gemini-2.5-flash-001");
  BOOST_TEST(reply.id == "r1");
  BOOST_TEST(reply.stop_reason == "end_turn");
  BOOST_TEST(reply.finished);
  BOOST_TEST(test::counts(reply) == "in 12 (read 4, write 0), out 8 (reasoning 3)");
  BOOST_TEST(reply.raw_usage.find(R"("toolUsePromptTokenCount":2)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_usage_of_a_stream_is_its_last_and_keeps_what_the_last_leaves_out) {
  const Reply reply = test::read_events(
      kWire, plain(),
      {R"({"candidates":[{"content":{"parts":[{"text":"S"}]}}],"usageMetadata":{"promptTokenCount":10,"thoughtsTokenCount":6,
          "totalTokenCount":16}})",
       R"({"candidates":[{"content":{"parts":[{"text":"o"}]}}],"usageMetadata":{"promptTokenCount":10,
          "candidatesTokenCount":1,"totalTokenCount":17}})",
       R"({"candidates":[{"finishReason":"MAX_TOKENS"}],"usageMetadata":null})"});
  BOOST_TEST(reply.text == "So");
  BOOST_TEST(reply.stop_reason == "max_tokens");
  BOOST_TEST(reply.finished);
  BOOST_TEST(test::counts(reply) == "in 10 (read 0, write 0), out 7 (reasoning 6)");
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_off_has_told_what_came) {
  const Reply reply = test::read_events(kWire, plain(), {R"({"candidates":[{"content":{"parts":[{"text":"S"}]}}],
      "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":1,"totalTokenCount":11}})"});
  BOOST_TEST(!reply.finished);
  BOOST_TEST(test::counts(reply) == "in 10 (read 0, write 0), out 1 (reasoning ?)");
}

BOOST_AUTO_TEST_CASE(usage_that_is_missing_null_or_empty_is_unknown) {
  BOOST_TEST(test::counts(test::read_events(kWire, plain(), {R"({"candidates":[]})"})) == "unknown");
  BOOST_TEST(test::counts(test::read_events(kWire, plain(), {R"({"usageMetadata":null})"})) == "unknown");
  BOOST_TEST(test::counts(test::read_events(kWire, plain(), {R"({"usageMetadata":{}})"})) == "unknown");
}

BOOST_AUTO_TEST_CASE(every_way_to_withhold_an_answer_is_a_content_filter) {
  for (const std::string_view reason : {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
                                        "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT"}) {
    const Reply reply =
        test::read_body(kWire, plain(), R"({"candidates":[{"finishReason":")" + std::string(reason) + R"("}]})");
    BOOST_TEST(reply.stop_reason == "content_filter", reason);
  }
  BOOST_TEST(test::read_body(kWire, plain(), R"({"candidates":[{"finishReason":"OTHER"}]})").stop_reason == "OTHER");
}

BOOST_AUTO_TEST_CASE(a_blocked_prompt_is_an_error_whose_usage_counts) {
  const Reply reply = test::read_body(kWire, plain(), R"({"promptFeedback":{"blockReason":"SAFETY"},
    "usageMetadata":{"promptTokenCount":10,"totalTokenCount":10}})");
  BOOST_REQUIRE(reply.error.has_value());
  BOOST_TEST(reply.error->message == "the prompt was blocked (SAFETY)");
  BOOST_TEST(reply.error->code == "content_filter");
  BOOST_TEST(test::counts(reply) == "in 10 (read 0, write 0), out 0 (reasoning ?)");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_known_is_told_from_another_bad_request) {
  const ProviderError error = kWire.read_error(R"({"error":{"code":400,"message":"API key not valid.",
    "status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}})");
  BOOST_TEST(error.code == "API_KEY_INVALID");
  BOOST_TEST(error.message == "API key not valid.");
  BOOST_TEST(kWire.read_error(R"({"error":{"code":400,"message":"x","status":"INVALID_ARGUMENT"}})").code ==
             "INVALID_ARGUMENT");
}

BOOST_AUTO_TEST_CASE(a_quota_says_in_its_body_when_to_come_back) {
  const ProviderError error = kWire.read_error(R"([{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED",
    "details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"22.5s"}]}}])");
  BOOST_TEST(error.code == "RESOURCE_EXHAUSTED");
  BOOST_TEST(error.retry_after_ms.value_or(-1) == 22500);
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_stream_is_read) {
  const Reply reply = test::read_events(
      kWire, plain(), {R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})"});
  BOOST_REQUIRE(reply.error.has_value());
  BOOST_TEST(reply.error->code == "UNAVAILABLE");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_refused) {
  const auto reader = kWire.reader(plain());
  Reply reply;
  BOOST_TEST(!reader->read_event({}, "{\"candidates\":", reply));
  BOOST_TEST(!reader->read_event({}, "[]", reply));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm::gemini
