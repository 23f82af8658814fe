#include <string>

#include <boost/test/unit_test.hpp>

#include "core/pricing/price_book.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

std::vector<LlmUsageReport> usage_of(const Value& output) {
  Problems problems;
  return usage_from_output(output, problems);
}

LlmUsageReport one(std::string_view output) {
  const auto reports = usage_of(json(output));
  BOOST_REQUIRE_EQUAL(reports.size(), 1U);
  return reports.front();
}

BOOST_AUTO_TEST_SUITE(usage_output)

BOOST_AUTO_TEST_CASE(the_documented_shape_is_read) {
  const LlmUsageReport r = one(R"({"provider": "anthropic", "model": "m", "requested_model": "m-latest",
      "request_id": "r1", "input_tokens": 100, "output_tokens": 20, "cache_read_input_tokens": 30,
      "cache_creation_input_tokens": 10, "reasoning_tokens": 5})");
  BOOST_TEST(r.provider == "anthropic");
  BOOST_TEST(r.model == "m");
  BOOST_TEST(r.requested_model == "m-latest");
  BOOST_TEST(r.request_id == "r1");
  BOOST_TEST(r.input_tokens.value() == 100);
  BOOST_TEST(r.output_tokens.value() == 20);
  BOOST_TEST(r.cache_read_tokens.value() == 30);
  BOOST_TEST(r.cache_write_tokens.value() == 10);
  BOOST_TEST(r.reasoning_tokens.value() == 5);
}

BOOST_AUTO_TEST_CASE(names_of_openais_chat_are_read) {
  const LlmUsageReport r = one(R"({"model": "gpt-5", "prompt_tokens": 100, "completion_tokens": 20,
      "prompt_tokens_details": {"cached_tokens": 30}, "completion_tokens_details": {"reasoning_tokens": 5}})");
  BOOST_TEST(r.input_tokens.value() == 100);
  BOOST_TEST(r.output_tokens.value() == 20);
  BOOST_TEST(r.cache_read_tokens.value() == 30);
  BOOST_TEST(r.reasoning_tokens.value() == 5);
}

BOOST_AUTO_TEST_CASE(counts_that_exclude_what_was_cached_become_inclusive) {
  const LlmUsageReport r =
      one(R"({"model": "m", "input_tokens": 10, "cache_read_input_tokens": 500, "cache_creation_input_tokens": 90})");
  BOOST_TEST(r.input_tokens.value() == 600);
}

BOOST_AUTO_TEST_CASE(a_list_is_several_calls) {
  const auto reports = usage_of(json(R"([{"input_tokens": 1}, {"no": "usage"}, 3, null, {"output_tokens": 2}])"));
  BOOST_REQUIRE_EQUAL(reports.size(), 2U);
  BOOST_TEST(reports[0].input_tokens.value() == 1);
  BOOST_TEST(reports[1].output_tokens.value() == 2);
}

BOOST_AUTO_TEST_CASE(what_holds_no_usage_gives_none) {
  for (const std::string_view output :
       {"{}", "[]", "null", "7", R"("input_tokens")", R"({"model": "m"})", R"({"input_tokens": "5"})",
        R"({"input_tokens": -5})", R"({"input_tokens": 1e300})", R"({"input_tokens": null, "output_tokens": true})",
        "[[{\"input_tokens\": 1}]]"}) {
    BOOST_TEST(usage_of(json(output)).empty(), output);
  }
}

BOOST_AUTO_TEST_CASE(names_that_are_no_names_are_left_out) {
  const LlmUsageReport r =
      one(R"({"model": ["m"], "provider": 3, "input_tokens": 1, "request_id": ")" + std::string(257, 'x') + "\"}");
  BOOST_TEST(r.model.empty());
  BOOST_TEST(r.provider.empty());
  BOOST_TEST(r.request_id.empty());
}

BOOST_AUTO_TEST_CASE(a_long_list_is_read_to_its_end_and_sums_do_not_overflow) {
  std::string many = "[";
  for (int i = 0; i < 10'001; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"input_tokens":1})";
  BOOST_TEST(usage_of(json(many + "]")).size() == 10'001U);
  const LlmUsageReport r = one(R"({"input_tokens": 8000000000000000000, "cache_read_tokens": 8000000000000000000,
                                   "cache_write_tokens": 8000000000000000000})");
  BOOST_TEST(r.input_tokens.value() > 0);
}

BOOST_AUTO_TEST_CASE(a_total_that_counts_the_cache_on_top_says_that_counts_exclude_each_other) {
  BOOST_TEST(
      *one(R"({"input_tokens": 1000, "cache_read_input_tokens": 500, "output_tokens": 10, "total_tokens": 1510})")
           .input_tokens == 1500);
  BOOST_TEST(
      *one(R"({"input_tokens": 1000, "cache_read_input_tokens": 500, "output_tokens": 10, "total_tokens": 1010})")
           .input_tokens == 1000);
}

BOOST_AUTO_TEST_CASE(what_is_no_count_is_told) {
  Problems problems;
  const auto reports = usage_from_output(json(R"({"input_tokens": "1000", "output_tokens": 5})"), problems);
  BOOST_REQUIRE_EQUAL(reports.size(), 1U);
  BOOST_TEST(!reports.front().input_tokens.has_value());
  BOOST_REQUIRE_EQUAL(problems.size(), 1U);
  BOOST_TEST(problems.front().message == "llm_usage: \"input_tokens\" is no count of tokens; it is left out");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
