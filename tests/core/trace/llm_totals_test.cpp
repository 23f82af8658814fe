#include "core/trace/llm_totals.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(llm_totals)

BOOST_AUTO_TEST_CASE(every_usage_of_a_call_is_counted) {
  LlmTotals t;
  t.add(
      json(R"({"usage":{"input_tokens":10,"output_tokens":2},"cost_usd":0.1,"cost_basis":"list","model":"a","further":[
                 {"usage":{"input_tokens":1,"output_tokens":1},"cost_usd":0.2,"model":"b"}, 5]})"));
  t.add(Value());
  t.add(json(R"({"usage":{"input_tokens":3},"cost_usd":0.000000001,"model":"a"})"));
  BOOST_TEST(to_json(t.summary()) ==
             R"({"calls":3,"cost_usd":0.300000001,"cost_incomplete":false,"input_tokens":14,"output_tokens":3,)"
             R"("total_tokens":17,"models":["a","b"]})");
}

BOOST_AUTO_TEST_CASE(a_cost_that_is_not_known_makes_the_sum_incomplete) {
  for (const std::string_view call :
       {R"({"cost_usd":null})", R"({"truncated":true})", R"({"cost_usd":0.1,"cost_basis":"unknown"})",
        R"({"cost_usd":-1})", R"({"cost_usd":1e300})"}) {
    LlmTotals t;
    t.add(json(call));
    BOOST_TEST(t.cost_incomplete);
    BOOST_TEST(t.calls == 1U);
  }
}

BOOST_AUTO_TEST_CASE(sums_end_at_the_largest_number) {
  LlmTotals t;
  for (int i = 0; i < 3; ++i)
    t.add(json(R"({"usage":{"input_tokens":18446744073709551615,"output_tokens":1},"cost_usd":9e9})"));
  BOOST_TEST(t.input_tokens == 18446744073709551615U);
  BOOST_TEST(t.total_tokens() == 18446744073709551615U);
  BOOST_TEST(t.cost_nano_usd == INT64_MAX);
}

BOOST_AUTO_TEST_CASE(totals_add_up_to_totals) {
  LlmTotals a;
  a.add(json(R"({"usage":{"input_tokens":1,"output_tokens":2},"cost_usd":0.5,"model":"m"})"));
  LlmTotals sum;
  sum.add(a);
  sum.add(a);
  BOOST_TEST(to_json(sum.summary()) ==
             R"({"calls":2,"cost_usd":1.0,"cost_incomplete":false,"input_tokens":2,"output_tokens":4,"total_tokens":6,)"
             R"("models":["m"]})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
