#include "core/pricing/model_cost.hpp"

#include <chrono>
#include <cmath>
#include <initializer_list>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "core/pricing/embedded_data.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow::pricing {
namespace {

const UnitRegistry& units() {
  static const UnitRegistry registry(json(kUnits.text()));
  return registry;
}

Usage usage(std::initializer_list<Usage::Entry> entries) {
  Usage u;
  for (const auto& [unit, count] : entries)
    u.set(unit, count);
  return u;
}

struct Priced {
  std::int64_t nano = 0;
  Problems problems = {};
};

Priced priced(const Usage& u, std::string_view prices) {
  Priced p;
  p.nano = cost_of(u, json(prices), units(), p.problems);
  return p;
}

std::int64_t nano(const Usage& u, std::string_view prices) {
  const Priced p = priced(u, prices);
  for (const Error& e : p.problems)
    BOOST_ERROR(e.message);
  return p.nano;
}

SystemTime time(int year, unsigned month, unsigned day, int seconds = 0) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) +
         std::chrono::seconds(seconds);
}

double input_price(std::string_view prices, SystemTime at) {
  const Value active = prices_at(json(prices), at);
  const Value* price = active.find("input_mtok");
  return price == nullptr ? -1 : price->as_double();
}

BOOST_AUTO_TEST_SUITE(model_cost)

BOOST_AUTO_TEST_CASE(each_token_has_the_most_specific_price_there_is) {
  constexpr std::string_view kPrices =
      R"({"input_mtok": 3, "cache_read_mtok": 0.3, "cache_write_mtok": 3.75, "cache_write_1h_mtok": 6, "output_mtok": 15})";
  const Usage all = usage({{"input_tokens", 1000},
                           {"cache_read_tokens", 400},
                           {"cache_write_tokens", 300},
                           {"cache_write_1h_tokens", 100},
                           {"output_tokens", 50}});
  // 300 at 3, 400 at 0.3, 200 at 3.75, 100 at 6, 50 at 15
  BOOST_TEST(nano(all, kPrices) == 900'000 + 120'000 + 750'000 + 600'000 + 750'000);
}

BOOST_AUTO_TEST_CASE(a_part_without_a_price_of_its_own_is_priced_with_the_whole) {
  const Usage u = usage(
      {{"input_tokens", 1000}, {"cache_read_tokens", 400}, {"output_tokens", 100}, {"output_reasoning_tokens", 90}});
  BOOST_TEST(nano(u, R"({"input_mtok": 1, "output_mtok": 2})") == 1'000'000 + 200'000);
}

BOOST_AUTO_TEST_CASE(parts_of_parts_are_taken_out_once) {
  const Usage u = usage({{"input_tokens", 1000},
                         {"input_audio_tokens", 300},
                         {"cache_read_tokens", 200},
                         {"cache_audio_read_tokens", 100}});
  // 100 at 7; of audio 200 at 5, of cached 100 at 0.5; the rest 600 at 1
  BOOST_TEST(
      nano(u, R"({"input_mtok": 1, "input_audio_mtok": 5, "cache_read_mtok": 0.5, "cache_audio_read_mtok": 7})") ==
      700'000 + 1'000'000 + 50'000 + 600'000);
}

BOOST_AUTO_TEST_CASE(the_whole_count_moves_once_the_input_is_above_a_tiers_start) {
  constexpr std::string_view kTiered =
      R"({"input_mtok": {"base": 3, "tiers": [{"start": 200000, "price": 6}]},
          "output_mtok": {"base": 15, "tiers": [{"start": 200000, "price": 22.5}]}})";
  BOOST_TEST(nano(usage({{"input_tokens", 200'000}, {"output_tokens", 1000}}), kTiered) == 600'000'000 + 15'000'000);
  BOOST_TEST(nano(usage({{"input_tokens", 200'001}, {"output_tokens", 1000}}), kTiered) == 1'200'006'000 + 22'500'000);
}

BOOST_AUTO_TEST_CASE(of_several_tiers_the_highest_reached_counts_in_whatever_order) {
  constexpr std::string_view kTiered =
      R"({"input_mtok": {"base": 1, "tiers": [{"start": 2000, "price": 4}, {"start": 1000, "price": 2}]}})";
  BOOST_TEST(nano(usage({{"input_tokens", 1000}}), kTiered) == 1'000'000);
  BOOST_TEST(nano(usage({{"input_tokens", 1500}}), kTiered) == 3'000'000);
  BOOST_TEST(nano(usage({{"input_tokens", 2001}}), kTiered) == 8'004'000);
}

BOOST_AUTO_TEST_CASE(other_units_are_priced_for_their_own_amounts) {
  BOOST_TEST(nano(usage({{"web_searches", 3}}), R"({"web_searches_kcount": 10})") == 30'000'000);
  BOOST_TEST(nano(usage({{"input_audio_seconds", 90.5}}), R"({"input_audio_hours": 0.36})") == 9'050'000);
  BOOST_TEST(nano(usage({{"input_pixels", 1e6}}), R"({"input_gpixels": 1})") == 1'000'000);
}

BOOST_AUTO_TEST_CASE(the_sum_is_rounded_once_half_up) {
  // 0.4 + 0.4 nano-dollars: nothing if each were rounded.
  BOOST_TEST(nano(usage({{"input_tokens", 1}, {"output_tokens", 1}}),
                  R"({"input_mtok": 0.0004, "output_mtok": 0.0004})") == 1);
  BOOST_TEST(nano(usage({{"input_tokens", 1}}), R"({"input_mtok": 0.0004})") == 0);
  BOOST_TEST(nano(usage({{"input_tokens", 1}}), R"({"input_mtok": 0.0005})") == 1);
  BOOST_TEST(nano(usage({{"input_tokens", 3}}), R"({"input_mtok": 0.0005})") == 2);
}

BOOST_AUTO_TEST_CASE(nano_dollars_are_exact) {
  BOOST_TEST(nano(usage({{"input_tokens", 123'456'789}}), R"({"input_mtok": 0.075})") == 9'259'259'175);
  BOOST_TEST(nano(usage({{"input_tokens", 1}}), R"({"input_mtok": 0.1})") == 100);
  BOOST_TEST(nano(usage({{"input_tokens", 7}}), R"({"input_mtok": 0.29})") == 2030);
}

BOOST_AUTO_TEST_CASE(counts_that_contradict_each_other_are_told_and_priced_as_told) {
  const Priced p = priced(usage({{"input_tokens", 100}, {"cache_read_tokens", 300}}),
                          R"({"input_mtok": 1, "cache_read_mtok": 0.5})");
  BOOST_REQUIRE_EQUAL(p.problems.size(), 1U);
  BOOST_TEST(p.problems[0].message ==
             "the usage contradicts itself: input_tokens is 100, and what is part of it is 300");
  BOOST_TEST((p.problems[0].code == Code::kInvalidValue));
  BOOST_TEST(p.nano == 0);  // 300 at 0.5 less 200 at 1, and no cost is below nothing
}

BOOST_AUTO_TEST_CASE(what_no_number_can_hold_is_told) {
  for (const double count :
       {1e16, 1e300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    const Priced p =
        priced(usage({{"input_tokens", count}, {"output_tokens", 10}}), R"({"input_mtok": 1, "output_mtok": 2})");
    BOOST_REQUIRE_EQUAL(p.problems.size(), 1U);
    BOOST_TEST(p.problems[0].message == "input_tokens is no count that can be priced");
    BOOST_TEST(p.nano == 20'000);
  }
}

BOOST_AUTO_TEST_CASE(the_dearest_of_everything_does_not_overflow) {
  const Priced p = priced(usage({{"input_tokens", 1e15}, {"output_tokens", 1e15}, {"web_searches", 1e15}}),
                          R"({"input_mtok": 1e9, "output_mtok": 1e9, "web_searches_kcount": 1e9})");
  BOOST_TEST(p.nano >= 0);
  BOOST_TEST((!p.problems.empty() || p.nano == std::numeric_limits<std::int64_t>::max()));
}

BOOST_AUTO_TEST_CASE(a_price_that_is_none_is_told) {
  for (const std::string_view prices : {R"({"input_mtok": "3"})", R"({"input_mtok": {}})", R"({"input_mtok": 1e30})"}) {
    const Priced p = priced(usage({{"input_tokens", 10}}), prices);
    BOOST_TEST(p.problems.size() == 1U, prices);
    BOOST_TEST(p.nano == 0, prices);
  }
}

BOOST_AUTO_TEST_CASE(nothing_costs_nothing) {
  BOOST_TEST(nano(Usage(), R"({"input_mtok": 3})") == 0);
  BOOST_TEST(nano(usage({{"input_tokens", 5}}), "{}") == 0);
  BOOST_TEST(nano(usage({{"input_tokens", 5}}), "null") == 0);
}

BOOST_AUTO_TEST_CASE(a_price_counts_from_its_date) {
  constexpr std::string_view kPrices = R"([{"prices": {"input_mtok": 1}},
    {"constraint": {"type": "start_date", "start_date": "2026-08-21"}, "prices": {"input_mtok": 2}}])";
  BOOST_TEST(input_price(kPrices, time(2026, 8, 21) - std::chrono::nanoseconds(1)) == 1);
  BOOST_TEST(input_price(kPrices, time(2026, 8, 21)) == 2);
  BOOST_TEST(input_price(kPrices, time(2030, 1, 1)) == 2);
}

BOOST_AUTO_TEST_CASE(the_last_active_price_wins) {
  constexpr std::string_view kPrices = R"([{"prices": {"input_mtok": 1}},
    {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 2}},
    {"constraint": {"start_date": "2025-01-01"}, "prices": {"input_mtok": 3}}])";
  BOOST_TEST(input_price(kPrices, time(2026, 6, 1)) == 3);
}

BOOST_AUTO_TEST_CASE(a_price_of_a_time_of_day_counts_from_its_start_to_before_its_end) {
  constexpr std::string_view kPrices = R"([{"prices": {"input_mtok": 1}},
    {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}, "prices": {"input_mtok": 2}}])";
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 1799)) == 1);
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 1800)) == 2);
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 59'399)) == 2);
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 59'400)) == 1);
}

BOOST_AUTO_TEST_CASE(a_time_of_day_may_go_over_midnight) {
  constexpr std::string_view kPrices = R"([{"prices": {"input_mtok": 1}},
    {"constraint": {"start_time": "22:00:00Z", "end_time": "02:00:00Z"}, "prices": {"input_mtok": 2}}])";
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 21 * 3600)) == 1);
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 23 * 3600)) == 2);
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 3600)) == 2);
  BOOST_TEST(input_price(kPrices, time(2026, 1, 1, 2 * 3600)) == 1);
  BOOST_TEST(input_price(kPrices, time(1969, 12, 31, 23 * 3600)) == 2);
}

BOOST_AUTO_TEST_CASE(no_active_price_is_none_and_an_unreadable_condition_is_not_met) {
  BOOST_TEST(input_price(R"([{"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 1}}])",
                         time(2026, 1, 1)) == -1);
  BOOST_TEST(
      input_price(R"([{"constraint": {"start_date": "soon"}, "prices": {"input_mtok": 1}}])", time(2026, 1, 1)) == -1);
  BOOST_TEST(input_price("[]", time(2026, 1, 1)) == -1);
  BOOST_TEST(input_price(R"([3, {}, {"prices": {"input_mtok": 4}}])", time(2026, 1, 1)) == 4);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::pricing
