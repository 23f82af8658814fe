#include <fmt/format.h>

#include <mutex>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "core/ir/parse.hpp"
#include "tests/core/json_literal.hpp"
#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

const std::filesystem::path kPlugin = std::string(PFLOW_TEST_PLUGINS) + "/llm-offline.pflow.so";

test::Ran run(std::string params, std::string more_of_node = "") {
  test::RunSetup setup;
  setup.params = std::move(params);
  setup.more_of_node = std::move(more_of_node);
  return test::run_plugin(kPlugin, "llm.offline", setup);
}

// All outputs, or why there are none.
Value outputs(const std::string& params) {
  const test::Ran ran = run(params);
  BOOST_REQUIRE_MESSAGE(ran.problems.empty(), params);
  BOOST_REQUIRE_MESSAGE(!ran.result.error, ran.result.error->message);
  return json(ran.outputs);
}

std::string output(const Value& all, std::string_view name) {
  const Value* v = all.find(name);
  if (v == nullptr) return "(none)";
  return v->is_string() ? std::string(v->text()) : to_json(*v);
}

std::string response(const std::string& params) {
  return output(outputs(params), "response");
}

// "code: message" of a call that failed.
std::string failure(const std::string& params) {
  const test::Ran ran = run(params);
  BOOST_REQUIRE_MESSAGE(ran.problems.empty(), params);
  if (!ran.result.error) return "no failure";
  std::string_view message = ran.result.error->message;
  constexpr std::string_view kOfNode = "node \"n\": ";
  BOOST_TEST(message.starts_with(kOfNode));
  message.remove_prefix(kOfNode.size());
  return fmt::format("{}: {}", ran.result.error->code_text(), message);
}

std::string with_schema(std::string_view schema) {
  return fmt::format(R"({{"prompt": "x", "output_schema": {}}})", schema);
}

std::int64_t tokens_of(std::string_view text) {
  std::string prompt;
  write_json_string(text, prompt);
  const Value all = outputs(R"({"prompt": )" + prompt + "}");
  return all.find("llm_usage")->find("input_tokens")->as_int();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(llm_offline)

BOOST_AUTO_TEST_CASE(the_answer_tells_of_the_prompt_and_is_always_the_same) {
  const std::string params = R"({"prompt": "Tell me of\n the  sea.", "system": "Be brief.", "model": "m1"})";
  const std::string told =
      "This is an offline answer of the model m1 to a prompt of 5 words: Tell me of the sea.. "
      "The system text has 2 words: Be brief..";
  BOOST_TEST(response(params) == told);
  BOOST_TEST(response(params) == told);
  BOOST_TEST(response(R"({"prompt": "Tell me of the sea."})") !=
             response(R"({"prompt": "Tell me of the sea.", "model": "m2"})"));
}

BOOST_AUTO_TEST_CASE(long_prompts_are_told_by_their_beginning) {
  BOOST_TEST(response(R"({"prompt": "1 2 3 4 5 6 7 8 9 10 11 12 13"})") ==
             "This is an offline answer of the model offline to a prompt of 13 words: 1 2 3 4 5 6 7 8 9 10 11 12 ....");
  BOOST_TEST(response(R"({"prompt": ""})") == "This is an offline answer of the model offline to a prompt of 0 words.");
  const std::string one_word = response(R"({"prompt": ")" + std::string(100'000, 'x') + "\"}");
  BOOST_TEST(one_word.size() < 400U);
}

BOOST_AUTO_TEST_CASE(every_output_is_there) {
  const Value all = outputs(R"({"prompt": "one two"})");
  BOOST_TEST(output(all, "model") == "offline");
  BOOST_TEST(output(all, "stop_reason") == "end_turn");
  BOOST_TEST(output(all, "reasoning") == "");
  BOOST_TEST(output(all, "llm_usage") == R"({"model":"offline","input_tokens":2,"output_tokens":25,"total_tokens":27,)"
                                         R"("cache_creation_input_tokens":0,"cache_read_input_tokens":0})");
}

BOOST_AUTO_TEST_CASE(tokens_are_counted_as_documented) {
  BOOST_TEST(tokens_of("") == 0);
  BOOST_TEST(tokens_of("a") == 1);
  BOOST_TEST(tokens_of("abcd") == 1);
  BOOST_TEST(tokens_of("abcde") == 2);
  BOOST_TEST(tokens_of("Hello, world") == 5);  // Hell o , " worl" d
  BOOST_TEST(tokens_of("   ") == 1);
  BOOST_TEST(tokens_of(" a b ") == 3);
  BOOST_TEST(tokens_of("{}[]") == 4);
  BOOST_TEST(tokens_of("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F") == 1);  // four letters of two bytes
  BOOST_TEST(tokens_of("\xF0\x9F\x98\x80\xF0\x9F\x98\x80") == 1);  // two emoji
  BOOST_TEST(tokens_of("\xE6\xB5\xB7\xE6\xB5\xB7\xE6\xB5\xB7\xE6\xB5\xB7\xE6\xB5\xB7") == 2);
}

BOOST_AUTO_TEST_CASE(system_and_images_count_as_input) {
  const Value all = outputs(R"({"prompt": "one", "system": "two", "images": ["a.png", "http://b"]})");
  BOOST_TEST(all.find("llm_usage")->find("input_tokens")->as_int() == 1 + 1 + 2 * 256);
  BOOST_TEST(output(all, "response").ends_with(" It came with 2 images."));
}

BOOST_AUTO_TEST_CASE(max_tokens_cuts) {
  const Value all = outputs(R"({"prompt": "x", "max_tokens": 3})");
  BOOST_TEST(output(all, "response") == "This is an");
  BOOST_TEST(output(all, "stop_reason") == "max_tokens");
  BOOST_TEST(all.find("llm_usage")->find("output_tokens")->as_int() == 3);
  const Value enough = outputs(R"({"prompt": "x", "max_tokens": 1000})");
  BOOST_TEST(output(enough, "stop_reason") == "end_turn");
}

BOOST_AUTO_TEST_CASE(a_stop_text_ends_the_answer_before_it) {
  const Value all = outputs(R"({"prompt": "x", "stop": ["model", " offline"]})");
  BOOST_TEST(output(all, "response") == "This is an");
  BOOST_TEST(output(all, "stop_reason") == "stop_sequence");
  BOOST_TEST(response(R"({"prompt": "x", "stop": " is"})") == "This");
  BOOST_TEST(output(outputs(R"({"prompt": "x", "stop": "nowhere"})"), "stop_reason") == "end_turn");
  BOOST_TEST(failure(R"({"prompt": "x", "stop": [""]})") ==
             "invalid_parameter: parameter \"stop\": an empty text would end every answer at once");
  BOOST_TEST(failure(R"({"prompt": "x", "stop": [1]})") ==
             "invalid_parameter: parameter \"stop\": expected a text or an array of texts");
}

BOOST_AUTO_TEST_CASE(json_without_a_schema_is_an_object) {
  BOOST_TEST(response(R"({"prompt": "hi", "json": true})") ==
             R"({"answer":"This is an offline answer of the model offline to a prompt of 1 word: hi."})");
  BOOST_TEST(response(R"({"prompt": "hi", "json": false})").starts_with("This is"));
}

BOOST_AUTO_TEST_CASE(a_schema_gets_the_smallest_value_that_satisfies_it) {
  const auto value = [](std::string_view schema) { return response(with_schema(schema)); };
  BOOST_TEST(value("{}") == "null");
  BOOST_TEST(value(R"({"type": "string"})") == "");
  BOOST_TEST(value(R"({"type": "string", "minLength": 3})") == "xxx");
  BOOST_TEST(value(R"({"type": "integer"})") == "0");
  BOOST_TEST(value(R"({"type": "integer", "minimum": 2.5})") == "3");
  BOOST_TEST(value(R"({"type": "integer", "exclusiveMinimum": 3})") == "4");
  BOOST_TEST(value(R"({"type": "integer", "maximum": -3})") == "-3");
  BOOST_TEST(value(R"({"type": "integer", "minimum": 5, "multipleOf": 4})") == "8");
  BOOST_TEST(value(R"({"type": "number", "minimum": 0.5})") == "0.5");
  BOOST_TEST(value(R"({"type": "number", "exclusiveMinimum": 0, "maximum": 1})") == "0.5");
  BOOST_TEST(value(R"({"type": "number", "exclusiveMaximum": 0})") == "-1");
  BOOST_TEST(value(R"({"type": "boolean"})") == "false");
  BOOST_TEST(value(R"({"type": "null"})") == "null");
  BOOST_TEST(value(R"({"type": ["integer", "null"]})") == "0");
  BOOST_TEST(value(R"({"enum": ["b", "a"]})") == "b");
  BOOST_TEST(value(R"({"const": {"k": [1]}})") == R"({"k":[1]})");
  BOOST_TEST(value(R"({"type": "array", "items": {"type": "string"}})") == "[]");
  BOOST_TEST(value(R"({"type": "array", "minItems": 2, "items": {"type": "integer", "minimum": 7}})") == "[7,7]");
  BOOST_TEST(value(R"({"type": "array", "minItems": 1})") == "[null]");
  BOOST_TEST(value(R"({"anyOf": [{"type": "boolean"}, {"type": "string"}]})") == "false");
}

BOOST_AUTO_TEST_CASE(an_object_gets_its_required_members) {
  BOOST_TEST(response(with_schema(R"({"type": "object", "title": "T", "required": ["name", "tags", "name", "more"],
      "properties": {"tags": {"$ref": "#/$defs/tags"}, "name": {"type": "string", "format": "date"},
                     "left_out": {"pattern": "x"}},
      "$defs": {"tags": {"items": {"$ref": "#/$defs/tags"}, "minItems": 0}}})")) ==
             R"({"name":"","tags":[],"more":null})");
  BOOST_TEST(response(with_schema(R"({"required": ["a/b"], "properties": {"a/b": {"$ref": "#/x~1y/0"}},
      "x/y": [{"const": 1}]})")) == R"({"a/b":1})");
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_not_understood_is_told_with_its_place) {
  const auto refused = [](std::string_view schema) {
    const std::string text = failure(with_schema(schema));
    BOOST_TEST(text.starts_with("unsupported_schema: output_schema"));
    return text.substr(std::string_view("unsupported_schema: output_schema").size());
  };
  const std::string not_understood = "the offline provider does not understand this word";
  BOOST_TEST(refused(R"({"required": ["a"], "properties": {"a": {"type": "string", "pattern": "x"}}})") ==
             " at /properties/a/pattern: " + not_understood);
  BOOST_TEST(refused(R"({"oneOf": []})") == " at /oneOf: " + not_understood);
  BOOST_TEST(refused(R"({"type": "array", "minItems": 2, "uniqueItems": true})") ==
             " at /uniqueItems: " + not_understood);
  BOOST_TEST(refused(R"({"type": "text"})") == " at /type: no such type");
  BOOST_TEST(refused(R"({"type": 1})") == " at /type: expected the name of a type");
  BOOST_TEST(refused(R"({"enum": []})") == " at /enum: expected values");
  BOOST_TEST(refused(R"({"required": ["a"], "additionalProperties": false})") ==
             " at /additionalProperties: nothing satisfies false");
  BOOST_TEST(refused(R"({"required": [1]})") == " at /required: expected names");
  BOOST_TEST(refused(R"({"$ref": "http://x"})") == " at /$ref: only references within the schema are understood");
  BOOST_TEST(refused(R"({"$ref": "#/nowhere"})") == " at /$ref: leads nowhere");
  BOOST_TEST(refused(R"({"minItems": -1})") == " at /minItems: expected a whole number from 0");
  BOOST_TEST(refused(R"({"required": ["a"], "properties": {"a": 5}})") == " at /properties/a: expected an object");
}

BOOST_AUTO_TEST_CASE(a_schema_that_nothing_satisfies_is_refused) {
  const auto refused = [](std::string_view schema) { return failure(with_schema(schema)); };
  BOOST_TEST(refused(R"({"type": "integer", "minimum": 2.1, "maximum": 2.9})") ==
             "unsupported_schema: output_schema: no number satisfies it");
  BOOST_TEST(refused(R"({"type": "string", "minLength": 3, "maxLength": 2})") ==
             "unsupported_schema: output_schema: no text satisfies it");
  BOOST_TEST(refused(R"({"type": "array", "minItems": 3, "maxItems": 2})") ==
             "unsupported_schema: output_schema: no array satisfies it");
}

BOOST_AUTO_TEST_CASE(hostile_schemas_end_soon) {
  const auto refused = [](std::string_view schema) { return failure(with_schema(schema)); };
  BOOST_TEST(refused(R"({"required": ["a", "b"], "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}})")
                 .ends_with("is nested too deeply, or needs itself"));
  BOOST_TEST(refused(R"({"$ref": "#"})").ends_with("is nested too deeply, or needs itself"));
  BOOST_TEST(refused(R"({"minItems": 1000000000, "items": {"minItems": 1000000000}})")
                 .ends_with("its smallest value has more than 1 MiB"));
  BOOST_TEST(refused(R"({"minLength": 9000000000000000000})").ends_with("its smallest value has more than 1 MiB"));
  BOOST_TEST(refused(R"({"type": "integer", "minimum": 1e300})").ends_with("its smallest value is beyond 2^53"));
}

BOOST_AUTO_TEST_CASE(json_that_max_tokens_breaks_off_is_a_failure) {
  const test::Ran ran = run(R"({"prompt": "x", "json": true, "max_tokens": 4})");
  BOOST_REQUIRE(ran.result.error.has_value());
  BOOST_TEST(ran.result.error->code_text() == "truncated_output");
  const Value all = json(ran.outputs);
  BOOST_TEST(output(all, "response") == "{\"answer");
  BOOST_TEST(output(all, "stop_reason") == "max_tokens");
}

BOOST_AUTO_TEST_CASE(usage_is_reported_as_it_is_written) {
  const test::Ran ran = run(R"({"prompt": "one two", "model": "m"})");
  BOOST_TEST(ran.told->words() == (std::vector<std::string>{"usage n m 2+24"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_test_may_say_the_usage_and_how_often_it_is_reported) {
  const test::Ran ran = run(R"({"prompt": "x", "extra": {"calls": 3, "usage": {"input_tokens": 10, "output_tokens": 5,
      "cache_read_tokens": 4, "cache_write_tokens": 2, "reasoning_tokens": 1}}})");
  BOOST_TEST(ran.told->words() == (std::vector<std::string>(3, "usage n offline 10+5")),
             boost::test_tools::per_element());
  BOOST_TEST(output(json(ran.outputs), "llm_usage") ==
             R"({"model":"offline","input_tokens":30,"output_tokens":15,"total_tokens":45,)"
             R"("cache_creation_input_tokens":6,"cache_read_input_tokens":12,"reasoning_tokens":3})");
}

BOOST_AUTO_TEST_CASE(a_test_may_have_it_report_nothing_or_only_write) {
  const test::Ran nothing = run(R"({"prompt": "x", "extra": {"usage": false}})");
  BOOST_TEST(nothing.told->words().empty());
  BOOST_TEST(output(json(nothing.outputs), "llm_usage") == "(none)");
  const test::Ran written = run(R"({"prompt": "x", "extra": {"calls": 0}})");
  BOOST_TEST(written.told->words().empty());
  BOOST_TEST(output(json(written.outputs), "llm_usage") != "(none)");
}

BOOST_AUTO_TEST_CASE(a_stream_has_the_whole_answer_in_pieces) {
  const test::Ran ran = run(R"({"prompt": "one two", "stream": true})");
  BOOST_TEST(ran.told->words() ==
                 (std::vector<std::string>{"chunk text 28 bytes", "chunk text 28 bytes", "chunk text 22 bytes",
                                           "chunk text 1 bytes", "usage n offline 2+25"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(faults_are_as_a_server_would_have_them) {
  const auto fault = [](std::string_view word) {
    return failure(fmt::format(R"({{"prompt": "x", "extra": {{"fail": "{}"}}}})", word));
  };
  BOOST_TEST(fault("rate_limit") == "rate_limited: offline provider: too many requests, as extra.fail asks");
  BOOST_TEST(fault("quota") == "insufficient_quota: offline provider: the quota is used up, as extra.fail asks");
  BOOST_TEST(fault("auth") == "authentication: offline provider: the key is not accepted, as extra.fail asks");
  BOOST_TEST(fault("server") == "server_error: offline provider: the server has a problem, as extra.fail asks");
  BOOST_TEST(fault("timeout") == "timeout: offline provider: no answer within timeout_ms, as extra.fail asks");
  BOOST_TEST(fault("invalid") == "invalid_request: offline provider: the request is not accepted, as extra.fail asks");
  BOOST_TEST(fault("broken_stream") == "stream_broken: offline provider: the answer broke off, as extra.fail asks");
}

BOOST_AUTO_TEST_CASE(retryable_faults_are_retried_three_times_by_default) {
  const auto words = [](std::string_view fail) {
    return run(fmt::format(R"({{"prompt": "x", "extra": {{"fail": "{}", "usage": {{"input_tokens": 7}}}}}})", fail))
        .told->words();
  };
  BOOST_TEST(words("rate_limit") == (std::vector<std::string>(3, "usage n offline 7+0")),
             boost::test_tools::per_element());
  BOOST_TEST(words("auth") == (std::vector<std::string>(1, "usage n offline 7+0")), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_attempts_alone_may_fail) {
  const test::Ran ran = run(R"({"prompt": "one two", "extra": {"fail": "server", "fail_times": 2}})");
  BOOST_TEST(!ran.result.error.has_value());
  BOOST_TEST(ran.told->words() == (std::vector<std::string>{"usage n offline 2+25"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_off_reports_what_came) {
  const test::Ran ran =
      run(R"({"prompt": "one two", "stream": true, "extra": {"fail": "broken_stream", "fail_times": 1}})");
  BOOST_TEST(ran.told->words() ==
                 (std::vector<std::string>{"chunk text 28 bytes", "chunk text 15 bytes", "usage n offline 2+12",
                                           "chunk text 28 bytes", "chunk text 28 bytes", "chunk text 22 bytes",
                                           "chunk text 1 bytes", "usage n offline 2+25"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(wrong_test_values_are_named) {
  const auto refused = [](std::string_view extra) {
    return failure(fmt::format(R"({{"prompt": "x", "extra": {}}})", extra));
  };
  BOOST_TEST(refused(R"({"delay_ms": -1})") ==
             "invalid_parameter: parameter \"extra.delay_ms\": expected a whole number from 0 to 86400000");
  BOOST_TEST(refused(R"({"fail": "maybe"})") ==
             "invalid_parameter: parameter \"extra.fail\": expected one of rate_limit, quota, auth, server, timeout, "
             "invalid, broken_stream");
  BOOST_TEST(refused(R"({"usage": 5})") == "invalid_parameter: parameter \"extra.usage\": expected an object");
  BOOST_TEST(refused(R"({"usage": {"input_tokens": "many"}})") ==
             "invalid_parameter: parameter \"extra.usage.input_tokens\": expected a whole number from 0 to "
             "1000000000000");
  BOOST_TEST(refused(R"({"cost_usd": -1})") ==
             "invalid_parameter: parameter \"extra.cost_usd\": expected US dollars, at most 1e6, or null");
  BOOST_TEST(refused(R"({"estimated": 1})") == "invalid_parameter: parameter \"extra.estimated\": expected a boolean");
  BOOST_TEST(refused(R"({"provider": 1})") == "invalid_parameter: parameter \"extra.provider\": expected a text");
}

BOOST_AUTO_TEST_CASE(what_is_meant_for_another_provider_is_passed_over) {
  BOOST_TEST(response(R"({"prompt": "x", "temperature": 0.2, "base_url": "http://x", "extra": {"top_k": 5}})")
                 .starts_with("This is"));
}

BOOST_AUTO_TEST_CASE(a_delay_is_kept_and_a_timeout_ends_it) {
  using Clock = std::chrono::steady_clock;
  const auto before = Clock::now();
  BOOST_TEST(response(R"({"prompt": "x", "extra": {"delay_ms": 40}})").starts_with("This is"));
  BOOST_TEST((Clock::now() - before >= std::chrono::milliseconds(40)));
  BOOST_TEST(failure(R"({"prompt": "x", "timeout_ms": 5, "extra": {"delay_ms": 60000}})") ==
             "timeout: offline provider: no answer within timeout_ms, for extra.delay_ms is longer");
}

BOOST_AUTO_TEST_CASE(a_delayed_call_ends_at_once_when_it_is_cancelled) {
  using Clock = std::chrono::steady_clock;
  const auto before = Clock::now();
  const test::Ran ran = run(R"({"prompt": "x", "extra": {"delay_ms": 60000}})", R"(, "timeout_ms": 20)");
  BOOST_REQUIRE(ran.result.error.has_value());
  BOOST_CHECK(ran.result.error->code == Code::kTimeout);
  BOOST_TEST(ran.result.abandoned == 0U);
  BOOST_TEST((Clock::now() - before < std::chrono::seconds(10)));
  BOOST_TEST(ran.told->words().empty());  // nothing was answered: nothing was used
}

BOOST_AUTO_TEST_CASE(parameters_that_llm_does_not_know_are_errors) {
  const test::Ran ran = run(R"({"prompt": "x", "top_k": 5})");
  BOOST_REQUIRE(ran.problems.size() == 1U);
  BOOST_TEST(ran.problems.front().message == "node type \"llm.offline\" has no parameter \"top_k\"");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
