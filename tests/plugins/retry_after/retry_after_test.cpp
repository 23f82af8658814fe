#include "retry_after.hpp"

#include <limits>

#include <boost/test/unit_test.hpp>

namespace pflow::retry_after {
namespace {

constexpr std::int64_t kExample = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT

std::int64_t since_1970(std::string_view text) {
  const auto date = read_http_date(text);
  return date ? date->time_since_epoch().count() : std::numeric_limits<std::int64_t>::min();
}

std::int64_t wait(std::string_view retry_after, std::string_view ms = {}, std::string_view date = {}) {
  return read_wait({ms, retry_after, date}, Seconds(std::chrono::seconds(kExample))).value_or(-1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(dates_are_read_in_all_three_forms) {
  BOOST_TEST(since_1970("Sun, 06 Nov 1994 08:49:37 GMT") == kExample);
  BOOST_TEST(since_1970("Sunday, 06-Nov-94 08:49:37 GMT") == kExample);
  BOOST_TEST(since_1970("Sun Nov  6 08:49:37 1994") == kExample);
  BOOST_TEST(since_1970("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  BOOST_TEST(since_1970("Tuesday, 19-Jan-38 03:14:08 GMT") == std::int64_t{1} << 31);
  BOOST_TEST(since_1970("Wed, 31 Dec 2025 23:59:60 GMT") == 1'767'225'600);
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_none) {
  for (const char* text :
       {"", "soon", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 99999999 08:49:37 GMT", "Sun, x Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:37 GMT!", "Sun, 06 Nov 1994 08:49:37", "Sun Nov  6 08:49:37 1994 GMT",
        "Nov Nov Nov Nov Nov"})
    BOOST_TEST(!read_http_date(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(seconds_may_have_a_fraction) {
  BOOST_TEST(wait("2") == 2000);
  BOOST_TEST(wait("0") == 0);
  BOOST_TEST(wait(" 0.25 ") == 250);
  BOOST_TEST(wait("0.0001") == 1);
  BOOST_TEST(read_milliseconds("1.5").value_or(-1) == 2);
  BOOST_TEST(read_seconds("1.5").value_or(-1) == 1500);
}

BOOST_AUTO_TEST_CASE(a_day_is_the_longest_wait) {
  BOOST_TEST(wait("99999999999999999999") == 86'400'000);
  BOOST_TEST(wait("Sun, 06 Nov 2094 08:49:37 GMT") == 86'400'000);
  BOOST_TEST(wait("Fri, 31 Dec 9999 23:59:59 GMT") == 86'400'000);
  BOOST_TEST(wait("Fri, 31 Dec 9999 23:59:59 GMT", "", "Fri, 31 Dec 9999 23:59:49 GMT") == 10'000);
}

BOOST_AUTO_TEST_CASE(milliseconds_win_over_seconds) {
  BOOST_TEST(wait("2", "150") == 150);
  BOOST_TEST(wait("2", "soon") == 2000);
  BOOST_TEST(wait("", "0.2") == 1);
}

BOOST_AUTO_TEST_CASE(a_date_is_compared_with_the_servers_own) {
  BOOST_TEST(wait("Sun, 06 Nov 1994 08:49:40 GMT") == 3000);
  BOOST_TEST(wait("Sunday, 06-Nov-94 08:49:40 GMT") == 3000);
  BOOST_TEST(wait("Sun Nov  6 08:49:40 1994") == 3000);
  BOOST_TEST(wait("Sun, 06 Nov 1994 09:00:10 GMT", "", "Sun, 06 Nov 1994 09:00:00 GMT") == 10'000);
  BOOST_TEST(wait("Sun, 06 Nov 1994 09:00:10 GMT", "", "yesterday") == 633'000);
  BOOST_TEST(wait("Sun, 06 Nov 1994 08:00:00 GMT") == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_is_not_asked) {
  for (const char* text : {"", " ", "soon", "-1", "1e3", "1s", "inf", "nan", "2 s"})
    BOOST_TEST(wait(text) == -1, text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::retry_after
