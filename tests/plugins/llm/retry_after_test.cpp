#include "retry_after.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::llm {
namespace {

// Sun, 06 Nov 1994 08:49:37 GMT
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(784111777)};

std::int64_t wait(std::string_view text) {
  return read_retry_after(text, kNow).value_or(-1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(seconds_may_have_a_fraction) {
  BOOST_TEST(wait("2") == 2000);
  BOOST_TEST(wait(" 0.25 ") == 250);
  BOOST_TEST(wait("0") == 0);
  BOOST_TEST(wait("0.0001") == 1);
}

BOOST_AUTO_TEST_CASE(a_date_counts_from_now) {
  BOOST_TEST(wait("Sun, 06 Nov 1994 08:49:47 GMT") == 10'000);
  BOOST_TEST(wait("Sun, 06 Nov 1994 08:49:37 GMT") == 0);
  BOOST_TEST(wait("Sat, 05 Nov 1994 08:49:37 GMT") == 0);
}

BOOST_AUTO_TEST_CASE(a_day_is_the_longest_wait) {
  BOOST_TEST(wait("1e9") == -1);
  BOOST_TEST(wait("999999999999") == 86'400'000);
  BOOST_TEST(wait("Sun, 06 Nov 2094 08:49:37 GMT") == 86'400'000);
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_wait) {
  for (const char* text :
       {"", "soon", "-1", "1s", "nan", "inf", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 GMT!"}) {
    BOOST_TEST(wait(text) == -1, text);
  }
}

BOOST_AUTO_TEST_CASE(other_forms_have_their_own_units) {
  BOOST_TEST(read_milliseconds("1500").value_or(-1) == 1500);
  BOOST_TEST(read_milliseconds("1.5").value_or(-1) == 2);
  BOOST_TEST(read_milliseconds("x").value_or(-1) == -1);
  BOOST_TEST(read_json_duration("22s").value_or(-1) == 22'000);
  BOOST_TEST(read_json_duration("0.5s").value_or(-1) == 500);
  BOOST_TEST(read_json_duration("22").value_or(-1) == -1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
