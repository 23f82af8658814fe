#include "host/cli/point_in_time.hpp"

#include <chrono>
#include <string>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

std::int64_t seconds(std::string_view text) {
  const Result<SystemTime> at = host::point_in_time(text);
  BOOST_REQUIRE_MESSAGE(at.ok(), text);
  return std::chrono::duration_cast<std::chrono::seconds>(at->time_since_epoch()).count();
}

BOOST_AUTO_TEST_SUITE(point_in_time)

BOOST_AUTO_TEST_CASE(a_date_is_its_first_second_in_utc) {
  BOOST_TEST(seconds("1970-01-01") == 0);
  BOOST_TEST(seconds("2026-10-01") == 1'790'812'800);
  BOOST_TEST(seconds("2028-02-29") == 1'835'395'200);
}

BOOST_AUTO_TEST_CASE(a_time_has_its_zone) {
  BOOST_TEST(seconds("2026-10-01T12:00:00Z") == 1'790'812'800 + 12 * 3600);
  BOOST_TEST(seconds("2026-10-01T12:00Z") == seconds("2026-10-01T12:00:00Z"));
  BOOST_TEST(seconds("2026-10-01 12:00:00.5Z") == seconds("2026-10-01T12:00:00Z"));
  BOOST_TEST(seconds("2026-10-01T14:00:00+02:00") == seconds("2026-10-01T12:00:00Z"));
  BOOST_TEST(seconds("2026-10-01T04:30:00-0730") == seconds("2026-10-01T12:00:00Z"));
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
  for (const std::string_view text : {"",
                                      "now",
                                      "2026",
                                      "2026-10",
                                      "2026-13-01",
                                      "2026-02-29",
                                      "2026-10-1",
                                      "2026-10-01T",
                                      "2026-10-01T12",
                                      "2026-10-01T12:00:00",
                                      "2026-10-01T24:00Z",
                                      "2026-10-01T12:60Z",
                                      "2026-10-01T12:00:60Z",
                                      "2026-10-01T12:00:00.Z",
                                      "2026-10-01T12:00Zx",
                                      "2026-10-01T12:00+2",
                                      "2026-10-01T12:00+15:00",
                                      "1969-12-31",
                                      "2200-01-01",
                                      "-001-01-01",
                                      "2026-10-01x",
                                      " 2026-10-01"}) {
    const Result<SystemTime> at = host::point_in_time(text);
    BOOST_TEST(!at.ok(), text);
    if (!at.ok()) BOOST_TEST((at.error().code == Code::kUsage));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
