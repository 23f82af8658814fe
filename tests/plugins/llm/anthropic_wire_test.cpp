#include "anthropic_wire.hpp"

#include <boost/test/unit_test.hpp>

#include "anthropic_schema.hpp"
#include "refused_feature.hpp"
#include "tests/plugins/llm/wire_reading.hpp"

namespace pflow::llm::anthropic {
namespace {

const AnthropicWire kWire;
constexpr std::string_view kModel = "claude-sonnet-4-5";
constexpr std::string_view kSchema = R"({"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]})";

Question plain() {
  return test::question(kWire, kModel);
}

Question with_schema(std::string_view model, std::string_view schema) {
  Question q = test::question(kWire, model);
  q.schema = test::object(schema);
  q.wants_json = true;
  return q;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(anthropic_wire)

BOOST_AUTO_TEST_CASE(a_plain_question_says_no_more_than_it_must) {
  BOOST_TEST(test::body(kWire, plain()) ==
             R"({"model":"claude-sonnet-4-5","max_tokens":8192,"messages":[{"role":"user","content":"Why?"}]})");
}

BOOST_AUTO_TEST_CASE(the_key_and_the_version_are_headers) {
  const WireRequest request = kWire.request(plain());
  BOOST_TEST(request.url == "https://api.anthropic.com/v1/messages");
  BOOST_REQUIRE(request.headers.size() == 2);
  BOOST_TEST(request.headers[0].first == "anthropic-version");
  BOOST_TEST(request.headers[0].second == "2023-06-01");
  BOOST_TEST(request.headers[1].first == "x-api-key");
  BOOST_TEST(request.headers[1].second == "the-key");
}

BOOST_AUTO_TEST_CASE(without_a_key_there_is_no_key_header) {
  Question q = plain();
  q.key.clear();
  BOOST_TEST(kWire.request(q).headers.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_base_url_may_end_with_its_version) {
  Question q = plain();
  q.base_url = "http://localhost:9/proxy/v1";
  BOOST_TEST(kWire.request(q).url == "http://localhost:9/proxy/v1/messages");
}

BOOST_AUTO_TEST_CASE(everything_that_a_node_may_say_has_its_place) {
  Question q = plain();
  q.system = "Be short.";
  q.temperature = 0.5;
  q.max_tokens = 100;
  q.stop = {"END", "STOP"};
  q.stream = true;
  q.images = {{"https://example.org/a.png", "", ""}, {"", "image/png", "AAAA"}};
  BOOST_TEST(
      test::body(kWire, q) ==
      R"({"model":"claude-sonnet-4-5","max_tokens":100,"system":"Be short.","messages":[{"role":"user","content":[)"
      R"({"type":"image","source":{"type":"url","url":"https://example.org/a.png"}},)"
      R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},)"
      R"({"type":"text","text":"Why?"}]}],"temperature":5E-1,"stop_sequences":["END","STOP"],"stream":true})");
}

BOOST_AUTO_TEST_CASE(max_tokens_is_what_old_models_take_at_most) {
  BOOST_TEST(default_max_tokens("claude-3-haiku-20240307") == 4096);
  BOOST_TEST(default_max_tokens("claude-3-5-haiku-latest") == 8192);
  BOOST_TEST(default_max_tokens("claude-sonnet-5") == 8192);
}

BOOST_AUTO_TEST_CASE(a_schema_is_asked_for_natively_and_closed) {
  BOOST_TEST(test::body(kWire, with_schema(kModel, kSchema)) ==
             R"({"model":"claude-sonnet-4-5","max_tokens":8192,"messages":[{"role":"user","content":"Why?"}],)"
             R"("output_config":{"format":{"type":"json_schema","schema":{"type":"object",)"
             R"("properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}}}})");
}

BOOST_AUTO_TEST_CASE(what_a_schema_says_of_other_members_stays) {
  const std::string body =
      test::body(kWire, with_schema(kModel, R"({"type":"object","additionalProperties":{"type":"string"}})"));
  BOOST_TEST(body.find(R"("schema":{"type":"object","additionalProperties":{"type":"string"}})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(members_may_have_the_names_of_a_schemas_words) {
  constexpr std::string_view kNames =
      R"({"type":"object","properties":{"properties":{"type":"string"},"default":{"type":"object","properties":{}},)"
      R"("enum":{"anyOf":[{"type":"object"}]}},"default":{"properties":{}},"additionalProperties":false})";
  const std::string body = test::body(kWire, with_schema(kModel, kNames));
  BOOST_TEST(body.find(R"("schema":{"type":"object","properties":{"properties":{"type":"string"},)"
                       R"("default":{"type":"object","properties":{},"additionalProperties":false},)"
                       R"("enum":{"anyOf":[{"type":"object","additionalProperties":false}]}},)"
                       R"("default":{"properties":{}},"additionalProperties":false})") != std::string::npos,
             body);
}

BOOST_AUTO_TEST_CASE(limits_that_the_format_refuses_are_left_out) {
  constexpr std::string_view kLimits =
      R"({"type":"object","additionalProperties":false,"properties":{)"
      R"("n":{"type":"integer","minimum":1,"maximum":9,"exclusiveMinimum":0,"exclusiveMaximum":10,"multipleOf":1},)"
      R"("s":{"type":"string","minLength":1,"maxLength":9,"pattern":"a"},)"
      R"("l":{"type":"array","items":{"minimum":1},"minItems":2,"maxItems":9,"uniqueItems":true},)"
      R"("m":{"anyOf":[{"type":"array","minItems":1}]}}})";
  const std::string body = test::body(kWire, with_schema(kModel, kLimits));
  BOOST_TEST(body.find(R"("schema":{"type":"object","additionalProperties":false,"properties":{"n":{"type":"integer"},)"
                       R"("s":{"type":"string","pattern":"a"},"l":{"type":"array","items":{}},)"
                       R"("m":{"anyOf":[{"type":"array","minItems":1}]}}})") != std::string::npos,
             body);
}

BOOST_AUTO_TEST_CASE(names_and_values_may_look_like_limits) {
  constexpr std::string_view kNames =
      R"({"type":"object","properties":{"minimum":{"$ref":"#/$defs/maxItems"},"minItems":{"enum":[{"maximum":1}]}},)"
      R"("$defs":{"maxItems":{"const":{"minLength":1},"default":{"multipleOf":2},"examples":[{"minItems":3}]}},)"
      R"("additionalProperties":false})";
  const std::string body = test::body(kWire, with_schema(kModel, kNames));
  BOOST_TEST(body.find("\"schema\":" + std::string(kNames)) != std::string::npos, body);
}

BOOST_AUTO_TEST_CASE(an_old_model_is_made_to_use_a_tool) {
  BOOST_TEST(
      test::body(kWire, with_schema("claude-3-haiku-20240307", kSchema)) ==
      R"({"model":"claude-3-haiku-20240307","max_tokens":4096,"messages":[{"role":"user","content":"Why?"}],)"
      R"("tools":[{"name":"answer","description":"Takes the answer.","input_schema":{"type":"object",)"
      R"("properties":{"n":{"type":"integer"}},"required":["n"]}}],"tool_choice":{"type":"tool","name":"answer"}})");
}

BOOST_AUTO_TEST_CASE(a_tool_takes_what_is_no_object_as_a_member) {
  const std::string body = test::body(
      kWire, with_schema("claude-3-opus-latest", R"({"type":"array","items":{"$ref":"#/$defs/t"},"$defs":{"t":{}}})"));
  BOOST_TEST(
      body.find(
          R"("input_schema":{"type":"object","$defs":{"t":{}},"properties":{"value":)"
          R"({"type":"array","items":{"$ref":"#/$defs/t"}}},"required":["value"],"additionalProperties":false})") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_tool_takes_what_has_more_than_an_object_at_its_root_as_a_member) {
  for (const std::string_view word :
       {R"("anyOf":[{}])", R"("oneOf":[{}])", R"("allOf":[{}])", R"("$ref":"#/$defs/t")"}) {
    const std::string schema = R"({"type":"object","properties":{},)" + std::string(word) + "}";
    const std::string body = test::body(kWire, with_schema("claude-3-opus-latest", schema));
    BOOST_TEST(body.find(R"("input_schema":{"type":"object","properties":{"value":)" + schema +
                         R"(},"required":["value"],"additionalProperties":false})") != std::string::npos,
               body);
  }
}

BOOST_AUTO_TEST_CASE(the_input_of_a_tool_has_a_type) {
  const std::string body =
      test::body(kWire, with_schema("claude-3-opus-latest", R"({"properties":{"n":{"type":"integer"}}})"));
  BOOST_TEST(
      body.find(R"("input_schema":{"properties":{"n":{"type":"integer"}},"type":"object"})") != std::string::npos,
      body);
}

BOOST_AUTO_TEST_CASE(a_server_that_refuses_the_format_is_asked_with_a_tool) {
  Question q = with_schema(kModel, kSchema);
  ProviderError error;
  error.message = "output_config.format.schema: minimum is not supported";
  BOOST_TEST(!kWire.adjust(q, 404, error));
  BOOST_TEST(kWire.adjust(q, 400, error));
  BOOST_TEST(test::body(kWire, q).find(R"("tool_choice")") != std::string::npos);
  BOOST_TEST(!kWire.adjust(q, 400, error));  // once
}

BOOST_AUTO_TEST_CASE(a_model_that_thinks_unasked_is_told_not_to_when_a_tool_is_forced) {
  Question q = with_schema(kModel, kSchema);
  q.refused = {std::string(kFormatFeature)};
  BOOST_TEST(
      test::body(kWire, q) ==
      R"({"model":"claude-sonnet-4-5","max_tokens":8192,"messages":[{"role":"user","content":"Why?"}],)"
      R"("tools":[{"name":"answer","description":"Takes the answer.","input_schema":{"type":"object",)"
      R"("properties":{"n":{"type":"integer"}},"required":["n"]}}],"tool_choice":{"type":"tool","name":"answer"},)"
      R"("thinking":{"type":"disabled"}})");
  ProviderError error;
  error.message = "thinking: it cannot be disabled for this model";
  BOOST_TEST(kWire.adjust(q, 400, error));
  BOOST_TEST(test::body(kWire, q).find("thinking") == std::string::npos);
  BOOST_TEST(!kWire.adjust(q, 400, error));  // once
}

BOOST_AUTO_TEST_CASE(a_model_that_refuses_the_temperature_is_asked_without) {
  Question q = plain();
  q.temperature = 0.5;
  ProviderError error;
  error.message = "temperature: range: 0..1";
  BOOST_TEST(!kWire.adjust(q, 400, error));
  error.message = "`temperature` is deprecated for this model.";
  BOOST_TEST(!kWire.adjust(q, 404, error));
  for (const std::int32_t status : {400, 422}) {
    Question refused = q;
    BOOST_TEST(kWire.adjust(refused, status, error));
    BOOST_TEST(test::body(kWire, refused) == test::body(kWire, plain()));
    BOOST_TEST(!kWire.adjust(refused, status, error));  // once
  }
  Question without = plain();
  BOOST_TEST(!kWire.adjust(without, 400, error));
}

BOOST_AUTO_TEST_CASE(another_400_is_not_answered_by_a_second_try) {
  Question q = with_schema(kModel, kSchema);
  ProviderError error;
  error.message = "max_tokens: must be at most 4096";
  BOOST_TEST(!kWire.adjust(q, 400, error));
}

BOOST_AUTO_TEST_CASE(json_without_a_schema_is_asked_for_in_the_system_text) {
  Question q = plain();
  q.wants_json = true;
  BOOST_TEST(test::body(kWire, q).find(R"("system":"Answer with one JSON value and nothing else.")") !=
             std::string::npos);
  q.system = "Be short.";
  BOOST_TEST(test::body(kWire, q).find(R"("system":"Be short.\n\nAnswer with one JSON value)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_message_is_read_with_all_its_counts) {
  const Reply reply = test::read_body(kWire, plain(), R"({"id":"msg_1","type":"message","role":"assistant",
    "model":"claude-sonnet-4-5-20250929","content":[{"type":"thinking","thinking":"Hm.","signature":"x"},
    {"type":"redacted_thinking","data":"x"},{"type":"text","text":"Because"},{"type":"text","text":"."}],
    "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":3,
    "cache_read_input_tokens":2,"cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":2},
    "output_tokens":7,"output_tokens_details":{"thinking_tokens":4},"service_tier":"standard"}})");
  BOOST_TEST(reply.text == "Because.");
  BOOST_TEST(reply.reasoning == "Hm.");
  BOOST_TEST(reply.model == "claude-sonnet-4-5-20250929");
  BOOST_TEST(reply.id == "msg_1");
  BOOST_TEST(reply.stop_reason == "end_turn");
  BOOST_TEST(reply.service_tier == "standard");
  BOOST_TEST(reply.api_flavor == "messages");
  BOOST_TEST(reply.finished);
  BOOST_TEST(test::counts(reply) == "in 15 (read 2, write 3), out 7 (reasoning 4)");
  BOOST_TEST(reply.raw_usage.find(R"("ephemeral_1h_input_tokens":2)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_input_of_the_tool_is_the_answer) {
  const Reply reply = test::read_body(kWire, with_schema("claude-3-haiku", kSchema), R"({"type":"message","content":[
    {"type":"text","text":""},{"type":"tool_use","id":"t","name":"answer","input":{"n":3}}],"stop_reason":"tool_use"})");
  BOOST_TEST(reply.text == R"({"n":3})");
  BOOST_TEST(reply.stop_reason == "end_turn");
  BOOST_TEST(test::counts(reply) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_wrapped_answer_is_unwrapped_in_a_body_and_in_a_stream) {
  const Question q = with_schema("claude-3-haiku", R"({"type":"array"})");
  BOOST_TEST(test::read_body(kWire, q, R"({"type":"message","content":[
    {"type":"tool_use","name":"answer","input":{"value":[1,2]}}]})")
                 .text == "[1,2]");
  const Reply reply = test::read_events(
      kWire, q,
      {R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"answer","input":{}}})",
       R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{\"value\""}})",
       R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":":[1,2]}"}})",
       R"({"type":"content_block_stop","index":0})"});
  BOOST_TEST(reply.text == "[1,2]");
}

BOOST_AUTO_TEST_CASE(a_tool_that_was_given_nothing_answers_an_empty_object_unless_it_was_cut_off) {
  const auto text_when = [](std::string_view stop) {
    const std::string delta = R"({"type":"message_delta","delta":{"stop_reason":")" + std::string(stop) + R"("}})";
    return test::read_events(
               kWire, with_schema("claude-3-haiku", kSchema),
               {R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"answer","input":{}}})",
                R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":""}})",
                R"({"type":"content_block_stop","index":0})", delta, R"({"type":"message_stop"})"})
        .text;
  };
  BOOST_TEST(text_when("tool_use") == "{}");
  BOOST_TEST(text_when("max_tokens").empty());
}

BOOST_AUTO_TEST_CASE(the_usage_of_a_stream_is_its_last_and_keeps_what_the_last_leaves_out) {
  const Reply reply = test::read_events(
      kWire, plain(),
      {R"({"type":"message_start","message":{"id":"msg_2","model":"claude-x","content":[],"usage":{"input_tokens":10,
          "cache_creation_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":5},"output_tokens":1}}})",
       R"({"type":"ping"})",
       R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}})",
       R"({"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"Hm"}})",
       R"({"type":"content_block_delta","delta":{"type":"signature_delta","signature":"x"}})",
       R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})",
       R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"So"}})",
       R"({"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":4}})",
       R"({"type":"something_new"})",
       R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":9,"input_tokens":null}})",
       R"({"type":"message_stop"})"});
  BOOST_TEST(reply.text == "So");
  BOOST_TEST(reply.reasoning == "Hm");
  BOOST_TEST(reply.stop_reason == "max_tokens");
  BOOST_TEST(reply.finished);
  BOOST_TEST(test::counts(reply) == "in 15 (read 0, write 5), out 9 (reasoning ?)");
  BOOST_TEST(reply.raw_usage.find(R"("ephemeral_5m_input_tokens":5)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_off_has_told_its_first_usage) {
  const Reply reply =
      test::read_events(kWire, plain(),
                        {R"({"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}})",
                         R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"});
  BOOST_TEST(!reply.finished);
  BOOST_TEST(test::counts(reply) == "in 10 (read 0, write 0), out 1 (reasoning ?)");
}

BOOST_AUTO_TEST_CASE(the_server_s_own_tools_are_no_text) {
  const Reply reply = test::read_events(
      kWire, with_schema("claude-3-haiku", kSchema),
      {R"({"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","name":"web_search"}})",
       R"({"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{\"query\":1}"}})",
       R"({"type":"content_block_stop","index":0})"});
  BOOST_TEST(reply.text.empty());
}

BOOST_AUTO_TEST_CASE(usage_null_is_unknown) {
  const Reply reply =
      test::read_body(kWire, plain(), R"({"type":"message","content":[{"type":"text","text":"x"}],"usage":null})");
  BOOST_TEST(test::counts(reply) == "unknown");
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_stream_is_read) {
  const Reply reply = test::read_events(
      kWire, plain(), {R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"});
  BOOST_REQUIRE(reply.error.has_value());
  BOOST_TEST(reply.error->type == "overloaded_error");
  BOOST_TEST(reply.error->message == "Overloaded");
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_refused) {
  const auto reader = kWire.reader(plain());
  Reply reply;
  BOOST_TEST(!reader->read_event({}, "{\"type\":", reply));
  BOOST_TEST(!reader->read_event({}, "[1]", reply));
  BOOST_TEST(!reader->read_body(json::value(json::object{{"type", "message"}}), reply));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm::anthropic
