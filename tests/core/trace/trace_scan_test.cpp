#include "core/trace/trace_scan.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/core/trace/trace_fixture.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(trace_scan)

BOOST_AUTO_TEST_CASE(a_whole_trace_is_taken_apart) {
  const std::string text = trace_fixture::file_of({R"({"a":"}]\"\\"})", R"([{"b":[]}])", "7"});
  const TraceScan scan = scan_trace(text);
  BOOST_TEST(scan.whole);
  BOOST_TEST(scan.head.size() == 10U);
  BOOST_TEST(scan.head.front().name == "\"format\"");
  BOOST_TEST(scan.head.front().value == "\"pflow-trace\"");
  BOOST_TEST((scan.events == std::vector<std::string_view>{R"({"a":"}]\"\\"})", R"([{"b":[]}])", "7"}));
  BOOST_TEST(scan.tail.size() == 8U);
  BOOST_TEST(scan.rest == "");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_value_is_found) {
  BOOST_TEST(end_of_value(R"({"a":["}"]} more)") == 11U);
  BOOST_TEST(end_of_value(R"("a\"b" more)") == 6U);
  BOOST_TEST(end_of_value("12,") == 2U);
  for (const std::string_view torn : {"", "12", "{", "[1", "\"a", "\"a\\", "{\"a", ",", "]", "\"a\nb\"",
                                      "\xEF\xBB\xBF"
                                      "1,"})
    BOOST_TEST(end_of_value(torn) == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_torn_event_is_what_is_left_over) {
  const TraceScan scan = scan_trace(R"({"format":"x","nodes":[{"a":1},{"b":)");
  BOOST_TEST(scan.has_nodes);
  BOOST_TEST(scan.events.size() == 1U);
  BOOST_TEST(scan.rest == R"(,{"b":)");
  BOOST_TEST(!scan.whole);
}

BOOST_AUTO_TEST_CASE(what_follows_a_trace_makes_it_less_than_whole) {
  BOOST_TEST(scan_trace(R"({"nodes":[]} )").whole);
  BOOST_TEST(!scan_trace(R"({"nodes":[]} x)").whole);
  BOOST_TEST(!scan_trace(R"({"nodes":[])").whole);
}

BOOST_AUTO_TEST_CASE(anything_else_has_no_events) {
  for (const std::string_view text : {"", "[]", "{", "{}", "{\"nodes\":5}", "nodes", "{\"nodes\"", "{nodes:["})
    BOOST_TEST(scan_trace(text).events.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
