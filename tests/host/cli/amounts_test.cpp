#include "host/cli/amounts.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

BOOST_AUTO_TEST_SUITE(amounts)

BOOST_AUTO_TEST_CASE(thousands_are_set_apart) {
  BOOST_TEST(grouped_text(0) == "0");
  BOOST_TEST(grouped_text(999) == "999");
  BOOST_TEST(grouped_text(1000) == "1,000");
  BOOST_TEST(grouped_text(18446744073709551615U) == "18,446,744,073,709,551,615");
}

BOOST_AUTO_TEST_CASE(times_have_the_unit_that_fits) {
  BOOST_TEST(duration_text(0) == "0.0 ms");
  BOOST_TEST(duration_text(0.42) == "0.4 ms");
  BOOST_TEST(duration_text(487.4) == "487 ms");
  BOOST_TEST(duration_text(999.4) == "999 ms");
  BOOST_TEST(duration_text(999.6) == "1.00 s");
  BOOST_TEST(duration_text(2876) == "2.88 s");
  BOOST_TEST(duration_text(9'996) == "10.0 s");
  BOOST_TEST(duration_text(59'960) == "1 min 00 s");
  BOOST_TEST(duration_text(185'000) == "3 min 05 s");
  BOOST_TEST(duration_text(3'599'600) == "1 h 00 min");
  BOOST_TEST(duration_text(7'800'000) == "2 h 10 min");
}

BOOST_AUTO_TEST_CASE(times_from_a_broken_file_are_shown_somehow) {
  BOOST_TEST(duration_text(-5) == "0.0 ms");
  BOOST_TEST(duration_text(1e308) == "277,777,777 h 47 min");
}

BOOST_AUTO_TEST_CASE(money_has_cents_or_two_digits_that_count) {
  BOOST_TEST(money_text(0) == "$0");
  BOOST_TEST(money_text(12.345) == "$12.35");
  BOOST_TEST(money_text(0.1) == "$0.10");
  BOOST_TEST(money_text(0.0127) == "$0.013");
  BOOST_TEST(money_text(0.00000042) == "$0.00000042");
  BOOST_TEST(money_text(0.000000001) == "$0.000000001");
  BOOST_TEST(money_text(1e300) == "$1e+300");
}

BOOST_AUTO_TEST_CASE(one_thing_is_not_several) {
  BOOST_TEST(counted_text(0, "event") == "0 events");
  BOOST_TEST(counted_text(1, "event") == "1 event");
  BOOST_TEST(counted_text(1234, "event") == "1,234 events");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
