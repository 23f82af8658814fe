#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

/// What strangers' nodes tell of the models that they ask.
namespace pflow::host {
namespace {

test::Ran run_stranger(const std::string& plugin, std::string_view type) {
  return test::run_plugin(std::string(PFLOW_TEST_STRANGERS) + "/" + plugin + "/" + plugin + ".pflow.so", type);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(a_node_may_just_write_its_usage) {
  const test::Ran ran = run_stranger("usage-output", "example.usage-output");
  BOOST_REQUIRE(ran.problems.empty());
  BOOST_TEST(ran.outputs == R"({"response":"An answer.","llm_usage":{"model":"gpt-4o-mini","input_tokens":1000,)"
                            R"("output_tokens":200,"total_tokens":1200}})");
  BOOST_TEST(ran.told->words().empty());
}

BOOST_AUTO_TEST_CASE(a_node_may_report_several_calls_in_one_run) {
  const test::Ran ran = run_stranger("usage-reports", "example.usage-reports");
  BOOST_REQUIRE(ran.problems.empty());
  BOOST_TEST(ran.outputs == R"({"response":"An answer."})");
  BOOST_TEST(
      ran.told->words() == (std::vector<std::string>{"usage n gpt-4o-mini 1000+200", "usage n gpt-4o-mini 3000+10",
                                                     "usage n claude-sonnet-4-5 500+50"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
