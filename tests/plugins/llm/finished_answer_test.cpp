#include "finished_answer.hpp"

#include <boost/test/unit_test.hpp>

#include "refused_feature.hpp"
#include "schema_rules.hpp"
#include "tests/plugins/llm/golden.hpp"

namespace pflow::llm {
namespace {

const Asked kAsked{.title = "Acme", .provider = "acme", .model = "m", .key_setting = {}, .request_id = {}, .url = {}};

FinishedAnswer finish(std::string_view text, std::string_view schema, std::string_view stop = "end_turn",
                      std::optional<std::int64_t> max_tokens = std::nullopt) {
  Question q = test::question("Hi");
  q.max_tokens = max_tokens;
  q.wants_json = !schema.empty();
  if (q.wants_json && schema != "any") {
    q.schema = test::parse(schema).as_object();
    q.rules = std::make_shared<const SchemaRules>(*q.schema);
  }
  Reply reply;
  reply.text = text;
  reply.stop_reason = stop;
  reply.reasoning = "Hm.";
  return finish_answer(q, reply, kAsked);
}

std::string code(const FinishedAnswer& done) {
  return done.failure ? done.failure->code : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(finished_answer)

BOOST_AUTO_TEST_CASE(a_text_is_left_as_it_is) {
  const FinishedAnswer done = finish(" [1] ", "");
  BOOST_TEST(code(done) == "none");
  BOOST_TEST(done.answer.text == " [1] ");
  BOOST_TEST(!done.answer.is_json);
  BOOST_TEST(done.answer.model == "m");
}

BOOST_AUTO_TEST_CASE(a_structured_answer_is_a_value) {
  const FinishedAnswer done = finish(R"({"a": 1})", R"({"type":"object"})");
  BOOST_TEST(code(done) == "none");
  BOOST_TEST(done.answer.is_json);
}

BOOST_AUTO_TEST_CASE(a_fence_around_json_is_taken_off) {
  BOOST_TEST(finish("```json\n[1, 2]\n```\n", "any").answer.text == "[1, 2]");
  BOOST_TEST(code(finish("```json\n[1, 2]", "any")) == "malformed_answer");
}

BOOST_AUTO_TEST_CASE(a_mismatch_names_its_path) {
  const FinishedAnswer done = finish(R"({"a": ["x"]})", R"({"properties":{"a":{"items":{"type":"integer"}}}})");
  BOOST_TEST(code(done) == "schema_mismatch");
  BOOST_TEST(done.failure->message ==
             "Acme, model \"m\": the answer does not satisfy output_schema at /a/0: expected integer, got a string");
  BOOST_TEST(done.answer.text == R"({"a": ["x"]})");
  BOOST_TEST(!done.answer.is_json);
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_wrapped_schema_is_what_the_wrapper_holds) {
  Question q = test::question("Hi");
  q.wants_json = true;
  q.schema = test::parse(R"({"type":"array","items":{"type":"integer"}})").as_object();
  q.rules = std::make_shared<const SchemaRules>(*q.schema);
  q.refused = {std::string(kBareSchemaFeature)};
  Reply reply;
  reply.text = R"({"value": [1, 2]})";
  const FinishedAnswer done = finish_answer(q, reply, kAsked);
  BOOST_TEST(code(done) == "none");
  BOOST_TEST(done.answer.text == "[1,2]");
  reply.text = R"({"value": "x"})";
  BOOST_TEST(code(finish_answer(q, reply, kAsked)) == "schema_mismatch");
  reply.text = "[3]";
  BOOST_TEST(finish_answer(q, reply, kAsked).answer.text == "[3]");
}

BOOST_AUTO_TEST_CASE(json_that_breaks_off_is_told_from_no_json) {
  BOOST_TEST(code(finish(R"({"a": )", "any", "max_tokens")) == "truncated_output");
  BOOST_TEST(code(finish("Sure!", "any")) == "malformed_answer");
}

BOOST_AUTO_TEST_CASE(an_answer_of_which_nothing_fitted_fails) {
  const FinishedAnswer done = finish(" \n", "", "max_tokens", 200);
  BOOST_TEST(code(done) == "truncated_output");
  BOOST_TEST(
      done.failure->message ==
      "Acme, model \"m\": there is no answer, for nothing but (perhaps) thinking fitted into max_tokens: raise it");
  BOOST_TEST(!done.failure->retryable);
  BOOST_TEST(done.answer.reasoning == "Hm.");
  BOOST_TEST(finish("", "any", "max_tokens").failure->message ==
             "Acme, model \"m\": there is no answer, for nothing but (perhaps) thinking fitted into the model's limit: "
             "give a larger max_tokens, or ask for less");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_empty_or_cut_for_another_reason_is_one) {
  BOOST_TEST(code(finish("", "")) == "none");
  BOOST_TEST(code(finish("", "", "stop_sequence", 200)) == "none");
  BOOST_TEST(code(finish("Half", "", "max_tokens", 200)) == "none");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_nested_too_deeply_is_said_to_be) {
  const FinishedAnswer done = finish(std::string(65, '[') + std::string(65, ']'), "any");
  BOOST_TEST(code(done) == "malformed_answer");
  BOOST_TEST(done.failure->message.find("nested too deeply") != std::string::npos, done.failure->message);
  BOOST_TEST(code(finish(std::string(60, '[') + std::string(60, ']'), "any")) == "none");
}

BOOST_AUTO_TEST_CASE(a_check_that_would_not_end_is_no_mismatch) {
  std::string schema = R"({"$ref":"#/$defs/a30","$defs":{"a0":{})";
  for (int i = 1; i <= 30; ++i) {
    const std::string part = R"({"$ref":"#/$defs/a)" + std::to_string(i - 1) + "\"}";
    schema += ",\"a" + std::to_string(i) + R"(":{"allOf":[)" + part + "," + part + "]}";
  }
  const FinishedAnswer done = finish("1", schema + "}}");
  BOOST_TEST(code(done) == "schema_too_costly");
  BOOST_TEST(!done.failure->retryable);
  BOOST_TEST(done.answer.text == "1");
}

BOOST_AUTO_TEST_CASE(a_refusal_fails_where_it_is_no_answer) {
  BOOST_TEST(code(finish("No.", "any", "refusal")) == "refusal");
  BOOST_TEST(code(finish("No.", "", "refusal")) == "none");
  BOOST_TEST(code(finish("", "", "content_filter")) == "content_filtered");
  BOOST_TEST(code(finish("Half", "", "content_filter")) == "none");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
