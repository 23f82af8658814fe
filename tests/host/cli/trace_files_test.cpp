#include "host/cli/trace_files.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

BOOST_AUTO_TEST_SUITE(trace_files)

BOOST_AUTO_TEST_CASE(a_trace_s_name_tells_when_it_was_made) {
  const auto name = parse_trace_name("pflow-trace-workflow-20261002-140305.json");
  BOOST_REQUIRE(name.has_value());
  BOOST_TEST(!name->planner);
  BOOST_TEST(name->stamp == "20261002-140305");
  BOOST_TEST(name->number == 1U);
  BOOST_TEST(name->when() == "2026-10-02 14:03:05");
  BOOST_TEST(parse_trace_name("pflow-trace-planner-20261002-140305.json")->planner);
  BOOST_TEST(parse_trace_name("pflow-trace-workflow-20261002-140305-12.json")->number == 12U);
}

BOOST_AUTO_TEST_CASE(any_other_name_is_not_ours) {
  for (const std::string_view name :
       {"", "pflow-trace-workflow-20261002-140305", "pflow-trace-workflow-20261002-140305.json.bak",
        "pflow-trace-workflow-20261002-140305-.json", "pflow-trace-workflow-20261002-140305-1.json",
        "pflow-trace-workflow-20261002-140305-02.json", "pflow-trace-workflow-20261002-140305-99999999999.json",
        "pflow-trace-workflow-20261002-140305--2.json", "pflow-trace-workflow-2026100-2140305.json",
        "pflow-trace-workflow-20261002_140305.json", "pflow-trace-other-20261002-140305.json",
        "xpflow-trace-workflow-20261002-140305.json", "pflow-trace-workflow-20261002-14030.json"})
    BOOST_TEST(!parse_trace_name(name).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
