// What holds for every usage and every price, tried with made-up ones. The seed is fixed: a failure comes again.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "core/pricing/embedded_data.hpp"
#include "core/pricing/model_cost.hpp"
#include "core/pricing/price_book.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

using Random = std::mt19937_64;
using pricing::UnitRegistry;

const UnitRegistry& units() {
  static const UnitRegistry registry(json(pricing::kUnits.text()));
  return registry;
}

const std::vector<PriceRow>& rows() {
  static const std::vector<PriceRow> all =
      PriceBook().list("", std::chrono::sys_days(std::chrono::year(2026) / 11 / 23));
  return all;
}

std::int64_t below(Random& random, std::int64_t limit) {
  return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random);
}

const PriceRow& any_row(Random& random) {
  return rows()[static_cast<std::size_t>(below(random, static_cast<std::int64_t>(rows().size())))];
}

struct TokenLeaves {
  std::int64_t input, cache_read, cache_write_5m, cache_write_1h, output, reasoning;
};

TokenLeaves any_leaves(Random& random) {
  const auto one = [&] { return below(random, 3) == 0 ? 0 : below(random, 100'000); };
  return {one(), one(), one(), one(), one(), one()};
}

Usage inclusive(const TokenLeaves& t) {
  Usage u;
  const auto set = [&](std::string_view unit, std::int64_t n) { u.set(unit, static_cast<double>(n)); };
  set("input_tokens", t.input + t.cache_read + t.cache_write_5m + t.cache_write_1h);
  set("cache_read_tokens", t.cache_read);
  set("cache_write_tokens", t.cache_write_5m + t.cache_write_1h);
  set("cache_write_1h_tokens", t.cache_write_1h);
  set("output_tokens", t.output + t.reasoning);
  set("output_reasoning_tokens", t.reasoning);
  return u;
}

std::int64_t cost(const Usage& u, const Value& prices) {
  Problems problems;
  const std::int64_t nano = pricing::cost_of(u, prices, units(), problems);
  for (const Error& e : problems)
    BOOST_ERROR(e.message << " for " << to_json(prices));
  return nano;
}

bool has_tiers(const Value& prices) {
  return prices.is_object() && std::any_of(prices.members().begin(), prices.members().end(),
                                           [](const Member& m) { return m.value.is_object(); });
}

BOOST_AUTO_TEST_SUITE(properties)

BOOST_AUTO_TEST_CASE(exclusive_counts_lose_nothing_and_double_nothing) {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const TokenLeaves t = any_leaves(random);
    const Usage u = inclusive(t);
    const ExclusiveTokens e = exclusive_tokens(u.count("input_tokens"), u.count("cache_write_tokens"),
                                               u.count("cache_read_tokens"), u.count("output_tokens"));
    BOOST_REQUIRE_EQUAL(e.input, t.input);
    BOOST_REQUIRE_EQUAL(e.cache_read, t.cache_read);
    BOOST_REQUIRE_EQUAL(e.cache_creation, t.cache_write_5m + t.cache_write_1h);
    BOOST_REQUIRE_EQUAL(e.output, t.output + t.reasoning);
    BOOST_REQUIRE_EQUAL(e.input + e.cache_read + e.cache_creation, u.count("input_tokens"));
  }
}

BOOST_AUTO_TEST_CASE(exclusive_counts_of_contradictions_are_never_negative) {
  Random random(2);
  const auto odd = [&] { return static_cast<std::int64_t>(random()) >> below(random, 60); };
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t input = odd();
    BOOST_REQUIRE(exclusive_tokens(input, odd(), odd(), odd()).input >= 0);
    BOOST_REQUIRE(exclusive_tokens(input, odd(), odd(), odd()).input <= std::max<std::int64_t>(input, 0));
  }
}

BOOST_AUTO_TEST_CASE(more_of_anything_never_costs_less) {
  Random random(3);
  for (int i = 0; i < 5'000; ++i) {
    const PriceRow& row = any_row(random);
    const TokenLeaves t = any_leaves(random);
    const std::int64_t before = cost(inclusive(t), row.prices);
    for (std::int64_t TokenLeaves::*leaf :
         {&TokenLeaves::input, &TokenLeaves::cache_read, &TokenLeaves::cache_write_5m, &TokenLeaves::cache_write_1h,
          &TokenLeaves::output, &TokenLeaves::reasoning}) {
      TokenLeaves more = t;
      more.*leaf += 1 + below(random, 1000);
      BOOST_REQUIRE_GE(cost(inclusive(more), row.prices), before);
    }
  }
}

BOOST_AUTO_TEST_CASE(parts_cost_together_what_they_cost_alone) {
  Random random(4);
  int tried = 0;
  for (int i = 0; i < 5'000; ++i) {
    const PriceRow& row = any_row(random);
    if (has_tiers(row.prices)) continue;
    ++tried;
    const TokenLeaves t = any_leaves(random);
    std::int64_t alone = 0;
    for (std::int64_t TokenLeaves::*leaf :
         {&TokenLeaves::input, &TokenLeaves::cache_read, &TokenLeaves::cache_write_5m, &TokenLeaves::cache_write_1h,
          &TokenLeaves::output, &TokenLeaves::reasoning}) {
      TokenLeaves one{};
      one.*leaf = t.*leaf;
      alone += cost(inclusive(one), row.prices);
    }
    BOOST_REQUIRE_LE(std::abs(alone - cost(inclusive(t), row.prices)), 3);  // six roundings against one
  }
  BOOST_TEST(tried > 2'000);
}

BOOST_AUTO_TEST_CASE(no_usage_of_any_units_costs_less_than_nothing) {
  Random random(5);
  for (int i = 0; i < 5'000; ++i) {
    Usage u;
    for (std::int64_t n = below(random, 12); n > 0; --n) {
      const auto& unit =
          units().units()[static_cast<std::size_t>(below(random, static_cast<std::int64_t>(units().units().size())))];
      const std::int64_t size = std::int64_t{1} << below(random, 60);
      u.set(unit.name, static_cast<double>(below(random, size)) / (below(random, 4) == 0 ? 7.0 : 1.0));
    }
    Problems problems;
    BOOST_REQUIRE_GE(pricing::cost_of(u, any_row(random).prices, units(), problems), 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
