#include "core/pricing/price_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/pricing/complaint.hpp"

namespace pflow::pricing {
namespace {

bool is_amount(const Value* v) {
  constexpr double kHighest = 1e9;
  return v != nullptr && v->is_number() && v->as_double() >= 0 && v->as_double() <= kHighest;
}

Result<void> check_price(const Value& price) {
  if (is_amount(&price)) return {};
  if (!is_amount(price.find("base"))) {
    return complaint(Code::kInvalidValue, "a price must be a number of US dollars, or {\"base\", \"tiers\"}", "");
  }
  const Value* tiers = price.find("tiers");
  if (tiers == nullptr || !tiers->is_array()) return complaint(Code::kInvalidValue, "it must be a list", "tiers");
  for (std::size_t i = 0; i < tiers->size(); ++i) {
    const Value& tier = tiers->items()[i];
    const Value* start = tier.find("start");
    if (start != nullptr && start->is_number() && is_amount(tier.find("price"))) continue;
    return complaint(Code::kInvalidValue, R"(a tier must be {"start": TOKENS, "price": USD})",
                     fmt::format("tiers/{}", i));
  }
  return {};
}

Result<void> check_plain(const Value& prices, const UnitRegistry& units) {
  for (const Member& m : prices.members()) {
    const auto& all = units.units();
    const bool known =
        std::any_of(all.begin(), all.end(), [&](const UnitRegistry::Unit& u) { return u.price_key == m.name(); });
    const std::string where = printable(m.name(), 64);
    if (!known) {
      std::vector<std::string_view> keys;
      for (const UnitRegistry::Unit& u : all)
        keys.push_back(u.price_key);
      Error e = complaint(Code::kInvalidValue, fmt::format("nothing is priced by \"{}\"", where), where);
      const std::string_view near = nearest(m.name(), keys);
      e.hint = near.empty() ? "Keys are such as input_mtok, output_mtok, cache_read_mtok, web_searches_kcount."
                            : fmt::format("Did you mean \"{}\"?", near);
      return e;
    }
    if (Result<void> checked = check_price(m.value); !checked) return below(std::move(checked).error(), where);
  }
  return {};
}

}  // namespace

Result<void> check_prices(const Value& prices, const UnitRegistry& units) {
  if (prices.is_object()) return check_plain(prices, units);
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const Value* own = prices.items()[i].find("prices");
    if (own == nullptr || !own->is_object()) {
      return complaint(Code::kInvalidValue, "a conditional price needs \"prices\"", std::to_string(i));
    }
    if (Result<void> checked = check_plain(*own, units); !checked) {
      return below(std::move(checked).error(), fmt::format("{}/prices", i));
    }
  }
  return {};
}

}  // namespace pflow::pricing
