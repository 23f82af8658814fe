#include "core/trace/trace_overview.hpp"

#include <boost/test/unit_test.hpp>

#include "core/trace/trace_document.hpp"
#include "tests/core/trace/trace_fixture.hpp"

namespace pflow {
namespace {

using trace_fixture::event;
using trace_fixture::file_of;

BOOST_AUTO_TEST_SUITE(trace_overview)

BOOST_AUTO_TEST_CASE(it_tells_what_the_whole_document_would) {
  const std::string text = file_of({event(1, "a"), event(2, "b")});
  const Result<TraceOverview> overview = pflow::trace_overview(text, "t.json");
  BOOST_REQUIRE(overview.ok());
  BOOST_TEST(overview->events == 2U);
  BOOST_TEST(!overview->torn);
  const TraceFacts facts(overview->root);
  BOOST_TEST(facts.workflow_name == "News");
  BOOST_TEST(facts.final_status == "success");
  BOOST_TEST(facts.cost_usd.value() == 0.0127);
}

BOOST_AUTO_TEST_CASE(a_torn_trace_is_told_as_far_as_it_goes) {
  const std::string text = file_of({event(1, "a"), event(2, "b")});
  for (std::size_t cut = 30; cut + 2 < text.size(); ++cut) {
    const Result<TraceOverview> overview = pflow::trace_overview(std::string_view(text).substr(0, cut), "t.json");
    BOOST_REQUIRE(overview.ok());
    BOOST_TEST(overview->torn);
    BOOST_TEST(overview->root.find("format")->text() == "pflow-trace");
  }
}

BOOST_AUTO_TEST_CASE(an_object_without_events_is_whole) {
  const Result<TraceOverview> overview = pflow::trace_overview(R"({"status":"success","kind":"planner"})", "p.json");
  BOOST_REQUIRE(overview.ok());
  BOOST_TEST(!overview->torn);
  BOOST_TEST(overview->root.find("status")->text() == "success");
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_trace) {
  for (const std::string_view text : {"", "[]", "7", "text", "{", "{\"a\"", "{\"a\":1,\"a\":2}", "\xFF"})
    BOOST_TEST(!pflow::trace_overview(text, "t.json").ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
