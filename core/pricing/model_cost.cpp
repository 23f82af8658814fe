#include "core/pricing/model_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>
#include <optional>

namespace pflow::pricing {
namespace {

__extension__ using Wide = __int128;

constexpr double kMostOfAUnit = 1e15;               // more is no count of anything
constexpr double kHighestPrice = 1e9;               // USD
constexpr std::int64_t kThousandths = 1000;         // counts may be seconds
constexpr double kPicoPerUsd = 1e12;                // prices have at most so many digits
constexpr std::int64_t kCommonPer = 9'000'000'000;  // a multiple of every unit's `per`

// "2026-08-21" -> its first second, UTC.
std::optional<SystemTime> date_in(const Value* text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (text == nullptr || !text->is_string()) return std::nullopt;
  if (std::sscanf(std::string(text->text()).c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return SystemTime(std::chrono::sys_days(date));
}

// "16:30:00Z" -> seconds since midnight, UTC.
std::optional<std::int64_t> time_in(const Value* text) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  if (text == nullptr || !text->is_string()) return std::nullopt;
  if (std::sscanf(std::string(text->text()).c_str(), "%2d:%2d:%2d", &hours, &minutes, &seconds) < 2) {
    return std::nullopt;
  }
  return std::int64_t{3600} * hours + 60 * minutes + seconds;
}

bool is_active(const Value* constraint, SystemTime at) {
  if (constraint == nullptr || !constraint->is_object()) return true;
  if (const auto start = date_in(constraint->find("start_date"))) return at >= *start;
  const auto from = time_in(constraint->find("start_time"));
  const auto to = time_in(constraint->find("end_time"));
  if (!from || !to) return false;
  const auto since_midnight = at - std::chrono::floor<std::chrono::days>(at);
  const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(since_midnight).count();
  return *from <= *to ? now >= *from && now < *to : now >= *from || now < *to;
}

// USD for `per` of a unit; nothing when the price is no number.
std::optional<double> price_of(const Value& price, double input_tokens) {
  if (price.is_number()) return price.as_double();
  const Value* base = price.find("base");
  if (base == nullptr || !base->is_number()) return std::nullopt;
  double usd = base->as_double();
  const Value* tiers = price.find("tiers");
  if (tiers == nullptr || !tiers->is_array()) return usd;
  double reached = -1;
  for (const Value& tier : tiers->items()) {
    const Value* start = tier.find("start");
    const Value* at = tier.find("price");
    if (start == nullptr || at == nullptr || !start->is_number() || !at->is_number()) continue;
    if (input_tokens > start->as_double() && start->as_double() > reached) {
      reached = start->as_double();
      usd = at->as_double();
    }
  }
  return usd;
}

Error contradiction(const UnitRegistry::Unit& unit, double value, double parts) {
  Error e;
  e.code = Code::kInvalidValue;
  e.message =
      fmt::format("the usage contradicts itself: {} is {}, and what is part of it is {}", unit.name, value, parts);
  e.hint =
      "Counts are inclusive: input holds what was cached, output holds reasoning. The difference is priced as told.";
  return e;
}

Error too_much(const UnitRegistry::Unit& unit) {
  Error e;
  e.code = Code::kInvalidValue;
  e.message = fmt::format("{} is no count that can be priced", unit.name);
  return e;
}

}  // namespace

Value prices_at(const Value& prices, SystemTime at) {
  if (!prices.is_array()) return prices;
  Value active;
  for (const Value& conditional : prices.items()) {
    const Value* own = conditional.find("prices");
    if (own != nullptr && is_active(conditional.find("constraint"), at)) active = *own;
  }
  return active;
}

std::int64_t cost_of(const Usage& usage, const Value& prices, const UnitRegistry& units, Problems& problems) {
  const double* input = usage.find("input_tokens");
  const double input_tokens = input == nullptr ? 0 : *input;
  std::vector<double> leaves(units.units().size());
  Wide total = 0;
  for (std::size_t i = 0; i < units.units().size(); ++i) {
    const UnitRegistry::Unit& unit = units.units()[i];
    const Value* price = prices.find(unit.price_key);
    const double* count = usage.find(unit.name);
    if (price == nullptr || count == nullptr) continue;
    double parts = 0;
    for (const std::size_t part : unit.parts)
      parts += leaves[part];
    leaves[i] = *count - parts;
    if (leaves[i] < 0) problems.push_back(contradiction(unit, *count, parts));
    const std::optional<double> usd = price_of(*price, input_tokens);
    const bool usable = usd && std::abs(*usd) <= kHighestPrice && std::abs(leaves[i]) <= kMostOfAUnit && unit.per >= 1;
    if (!usable) {
      problems.push_back(too_much(unit));
      continue;
    }
    const Wide thousandths = std::llround(leaves[i] * kThousandths);
    const Wide pico = static_cast<Wide>(std::llroundl(static_cast<long double>(*usd) * kPicoPerUsd));
    Wide part = 0;
    const Wide scale = kCommonPer / static_cast<std::int64_t>(unit.per);
    if (__builtin_mul_overflow(thousandths, pico, &part) || __builtin_mul_overflow(part, scale, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      problems.push_back(too_much(unit));
      total = 0;
      break;
    }
  }
  const Wide divisor = Wide{kCommonPer} * kThousandths * 1000;  // pico to nano
  const Wide half = total < 0 ? -divisor / 2 : divisor / 2;
  const Wide nano = (total + half) / divisor;
  constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp<Wide>(nano, 0, kMost));
}

}  // namespace pflow::pricing
