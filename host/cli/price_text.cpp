#include "host/cli/price_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"

namespace pflow::host {
namespace {

struct Column {
  std::string_view price_key;  // in the data
  std::string_view name;       // in the JSON form
  std::string_view heading;
};

constexpr std::array<Column, 5> kColumns = {{{"input_mtok", "input_usd_per_million", "INPUT"},
                                             {"output_mtok", "output_usd_per_million", "OUTPUT"},
                                             {"cache_read_mtok", "cache_read_usd_per_million", "CACHE READ"},
                                             {"cache_write_mtok", "cache_write_usd_per_million", "CACHE WRITE"},
                                             {"cache_write_1h_mtok", "cache_write_1h_usd_per_million", "1H WRITE"}}};

bool is_tiered(const Value& price) {
  const Value* tiers = price.find("tiers");
  return tiers != nullptr && tiers->is_array() && tiers->size() != 0;
}

// The price, or a tiered price's base; null when there is none.
Value base_of(const Value* price) {
  if (price == nullptr) return {};
  if (price->is_number()) return *price;
  const Value* base = price->find("base");
  return base != nullptr && base->is_number() ? *base : Value();
}

std::string number_text(const Value& number) {
  return fmt::format("{}", number.as_double());
}

// "3, above 200000 input tokens 6"
std::string amount_text(const Value& price) {
  const Value base = base_of(&price);
  std::string text = base.is_null() ? "none" : number_text(base);
  if (!is_tiered(price)) return text;
  for (const Value& tier : price.find("tiers")->items()) {
    const Value* start = tier.find("start");
    const Value* at = tier.find("price");
    if (start == nullptr || at == nullptr || !start->is_number() || !at->is_number()) continue;
    text += fmt::format(", above {} input tokens {}", number_text(*start), number_text(*at));
  }
  return text;
}

// "input_mtok" -> {"input", "million tokens"}
std::pair<std::string, std::string_view> words_of(std::string_view price_key) {
  struct Ending {
    std::string_view ending;
    std::string_view per;
  };

  static constexpr Ending kEndings[] = {{"_mtok", "million tokens"},       {"_kcount", "thousand"},
                                        {"_kpages", "thousand pages"},     {"_hours", "hour"},
                                        {"_mchars", "million characters"}, {"_gpixels", "billion pixels"}};
  std::string name(price_key);
  std::string_view per;
  for (const Ending& e : kEndings) {
    if (!price_key.ends_with(e.ending)) continue;
    name.resize(name.size() - e.ending.size());
    per = e.per;
    break;
  }
  std::replace(name.begin(), name.end(), '_', ' ');
  return {std::move(name), per};
}

std::string name_of(const PriceRow& row) {
  return row.provider.empty() ? row.model : row.provider + "/" + row.model;
}

}  // namespace

Value price_value(const PriceRow& row) {
  ObjectBuilder o;
  o.add("model", row.model);
  o.add("provider", row.provider.empty() ? Value() : Value::string(row.provider));
  for (const Column& column : kColumns)
    o.add(column.name, base_of(row.prices.find(column.price_key)));
  ObjectBuilder tiered;
  bool any = false;
  if (row.prices.is_object()) {
    for (const Member& m : row.prices.members()) {
      if (!is_tiered(m.value)) continue;
      tiered.add(m.name(), m.value);
      any = true;
    }
  }
  o.add("tiers", any ? tiered.finish() : Value());
  o.add("prices", row.prices);
  o.add("context_window", row.context_window > 0 ? Value::integer(row.context_window) : Value());
  o.add("source", row.source);
  o.add("date", row.date.empty() ? Value() : Value::string(row.date));
  return o.finish();
}

std::string price_text(const PriceRow& row) {
  struct Line {
    std::string name;
    std::string text;
  };

  std::vector<Line> lines;
  if (row.prices.is_object()) {
    for (const Member& m : row.prices.members()) {
      const auto [name, per] = words_of(m.name());
      const bool plain = per == "million tokens";
      lines.push_back({name, amount_text(m.value) + (plain || per.empty() ? "" : fmt::format(" per {}", per))});
    }
  }
  if (lines.empty()) lines.push_back({"price", "none at this time"});
  if (row.context_window > 0) lines.push_back({"context window", fmt::format("{} tokens", row.context_window)});
  lines.push_back({"source", row.source + (row.date.empty() ? "" : " of " + row.date)});
  std::size_t width = 0;
  for (const Line& line : lines)
    width = std::max(width, line.name.size());
  std::string text = name_of(row) + ", USD per million tokens\n";
  for (const Line& line : lines)
    text += fmt::format("  {:<{}}  {}\n", line.name, width, line.text);
  return text;
}

std::string price_table(const std::vector<PriceRow>& rows) {
  using Cells = std::array<std::string, kColumns.size() + 2>;
  std::vector<Cells> table(1);
  table[0].front() = "PROVIDER/MODEL";
  for (std::size_t c = 0; c < kColumns.size(); ++c)
    table[0][c + 1] = kColumns[c].heading;
  table[0].back() = "SOURCE";
  bool any_tier = false;
  for (const PriceRow& row : rows) {
    Cells cells;
    cells.front() = name_of(row);
    for (std::size_t c = 0; c < kColumns.size(); ++c) {
      const Value* price = row.prices.find(kColumns[c].price_key);
      const Value base = base_of(price);
      if (base.is_null()) continue;
      const bool tiered = is_tiered(*price);
      any_tier = any_tier || tiered;
      cells[c + 1] = number_text(base) + (tiered ? "+" : "");
    }
    cells.back() = row.source;
    table.push_back(std::move(cells));
  }
  std::array<std::size_t, kColumns.size() + 2> widths{};
  for (const Cells& cells : table) {
    for (std::size_t c = 0; c < cells.size(); ++c)
      widths[c] = std::max(widths[c], cells[c].size());
  }
  std::string text;
  for (const Cells& cells : table) {
    fmt::format_to(std::back_inserter(text), "{:<{}}", cells.front(), widths[0]);
    for (std::size_t c = 1; c <= kColumns.size(); ++c)
      fmt::format_to(std::back_inserter(text), "  {:>{}}", cells[c], widths[c]);
    fmt::format_to(std::back_inserter(text), "  {}\n", cells.back());
  }
  if (any_tier)
    text += "\nUSD per million tokens; +: another price for long input, see pflow-host pricing show MODEL\n";
  if (!any_tier) text += "\nUSD per million tokens\n";
  return text;
}

}  // namespace pflow::host
