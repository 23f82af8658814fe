#include "core/pricing/price_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>

#include "core/base/json_read.hpp"
#include "core/base/object_builder.hpp"
#include "core/pricing/embedded_data.hpp"
#include "core/pricing/extractor.hpp"
#include "core/pricing/model_cost.hpp"
#include "core/pricing/price_catalog.hpp"

namespace pflow {
namespace {

using pricing::ListedProvider;
using pricing::PriceCatalog;

constexpr std::string_view kStandInProvider = "openai";
constexpr std::string_view kStandInModel = "gpt-4o-mini";

Error odd_report(std::string_view what, std::string_view why) {
  Error e;
  e.code = Code::kInvalidValue;
  e.message = fmt::format("a node reported usage whose {} cannot be used: {}", what, why);
  return e;
}

std::optional<double> usd_in(std::string_view text) {
  double usd = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), usd);
  const bool number = ec == std::errc() && end == text.data() + text.size() && std::isfinite(usd);
  return number && usd >= 0 && usd <= 1e9 ? std::optional(usd) : std::nullopt;
}

}  // namespace

struct PriceBook::Data {
  mutable std::mutex mutex;  // all of it: rows are read and regular expressions compiled when first needed
  PriceCatalog catalog;

  // By the report's own body: nothing when no extractor understands it.
  std::optional<pricing::Extracted> from_body(const LlmUsageReport& report, const Value& body) {
    std::string id =
        report.provider.empty()
            ? catalog.data().provider_of_model(report.model.empty() ? report.requested_model : report.model)
            : catalog.data().provider_named(report.provider);
    std::string_view flavor = report.api_flavor;
    // Servers that speak another vendor's language.
    if (id.empty() && (flavor == "chat" || flavor == "responses")) id = "openai";
    if (id.empty() && flavor == "messages") id = "anthropic";
    const ListedProvider* provider = catalog.data().provider(id);
    if (provider == nullptr) return std::nullopt;
    const auto is_of = [](const Value& extractor, std::string_view name) {
      const Value* own = extractor.find("api_flavor");
      return own != nullptr && own->is_string() && own->text() == name;
    };
    const auto& all = provider->extractors;
    // A vendor of one language lists it as the default, without its name.
    const bool is_a_vendors = flavor == "chat" || flavor == "messages";
    if (is_a_vendors && std::none_of(all.begin(), all.end(), [&](const Value& e) { return is_of(e, flavor); }))
      flavor = "default";
    for (const Value& extractor : all) {
      if (!flavor.empty() && !is_of(extractor, flavor)) continue;
      if (auto extracted = pricing::extract(extractor, body)) return extracted;
    }
    return std::nullopt;
  }

  std::optional<Usage> from_units(const std::string& json, Problems& problems) {
    const Result<Value> read_units = read_json(json, "units_json");
    if (!read_units || !read_units->is_object()) {
      problems.push_back(odd_report("units_json", read_units ? "it is no object" : read_units.error().message));
      return std::nullopt;
    }
    Usage usage;
    for (const Member& m : read_units->members()) {
      const bool count = m.value.is_number() && std::isfinite(m.value.as_double()) && m.value.as_double() >= 0;
      if (!count || catalog.units().find(m.name()) == nullptr) {
        problems.push_back(odd_report("units_json", fmt::format("\"{}\" is no {}", m.name().substr(0, 64),
                                                                count ? "unit of the price data" : "count")));
        continue;
      }
      usage.set(m.name(), m.value.as_double());
    }
    return usage.empty() ? std::nullopt : std::optional(usage);
  }

  void normalise(const LlmUsageReport& report, MeteredUsage& out, std::optional<std::int64_t>& own_cost);
  Cost price(const MeteredUsage& metered, std::optional<std::int64_t> own_cost, SystemTime at);
};

void PriceBook::Data::normalise(const LlmUsageReport& report, MeteredUsage& out,
                                std::optional<std::int64_t>& own_cost) {
  own_cost = report.cost_nano_usd;
  bool known = false;
  if (!report.raw_json.empty()) {
    const Result<Value> body = read_json(report.raw_json, "raw_json");
    if (!body) {
      out.problems.push_back(odd_report("raw_json", body.error().message));
    } else {
      if (auto extracted = from_body(report, *body)) {
        out.usage = std::move(extracted->usage);
        if (out.model.empty()) out.model = std::move(extracted->model);
        known = true;
      }
    }
  }
  if (!report.units_json.empty()) {
    if (auto usage = from_units(report.units_json, out.problems)) {
      out.usage = std::move(*usage);
      known = true;
    }
  }
  out.told = known;
  if (known) return;
  const auto take = [&](const std::optional<std::int64_t>& count, std::string_view unit) {
    if (!count) return;
    out.usage.set(unit, static_cast<double>(*count));
    out.told = true;
  };
  take(report.input_tokens, "input_tokens");
  take(report.output_tokens, "output_tokens");
  take(report.cache_read_tokens, "cache_read_tokens");
  take(report.cache_write_tokens, "cache_write_tokens");
  take(report.reasoning_tokens, "output_reasoning_tokens");
}

Cost PriceBook::Data::price(const MeteredUsage& metered, std::optional<std::int64_t> own_cost, SystemTime at) {
  Cost cost;
  const std::string_view model = metered.model.empty() ? metered.requested_model : metered.model;
  cost.row = catalog.override_row(model);
  if (!cost.row && metered.requested_model != model) cost.row = catalog.override_row(metered.requested_model);
  if (!cost.row) cost.row = catalog.file_row(metered.provider, model, at);
  if (cost.row) {
    cost.basis = CostBasis::kOverride;
  } else if (own_cost) {
    cost.basis = CostBasis::kProvider;
    cost.nano_usd = std::max<std::int64_t>(*own_cost, 0);
    return cost;
  } else {
    cost.row = catalog.listed_row(metered.provider, model, at);
    if (!cost.row) {
      cost.basis = CostBasis::kUnknown;
      cost.row = catalog.listed_row(kStandInProvider, kStandInModel, at);
    }
  }
  cost.priced_by = cost.row->provider;
  cost.nano_usd = pricing::cost_of(metered.usage, cost.row->prices, catalog.units(), cost.problems);
  return cost;
}

std::string_view cost_basis_name(CostBasis basis) noexcept {
  switch (basis) {
    case CostBasis::kList:
      return "list";
    case CostBasis::kProvider:
      return "provider";
    case CostBasis::kOverride:
      return "override";
    case CostBasis::kUnknown:
      return "unknown";
  }
  return "unknown";
}

PriceBook::PriceBook() : data_(std::make_unique<Data>()) {}

PriceBook::~PriceBook() = default;

Result<void> PriceBook::add_override(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  const std::size_t slash = text.find('/', equals == std::string_view::npos ? 0 : equals);
  const bool shaped = equals != std::string_view::npos && equals > 0 && slash != std::string_view::npos;
  const auto in = shaped ? usd_in(text.substr(equals + 1, slash - equals - 1)) : std::nullopt;
  const auto out = shaped ? usd_in(text.substr(slash + 1)) : std::nullopt;
  if (!in || !out) {
    Error e;
    e.code = Code::kUsage;
    e.message = fmt::format("--price must be MODEL=IN/OUT, two prices in USD per million tokens, not \"{}\"", text);
    e.hint = "Example: --price gpt-4o-mini=0.15/0.60";
    return e;
  }
  ObjectBuilder prices;
  prices.add("input_mtok", Value::number(*in));
  prices.add("output_mtok", Value::number(*out));
  const std::string_view model = text.substr(0, equals);
  data_->catalog.add_override(model, prices.finish());
  return {};
}

Result<void> PriceBook::add_file(std::string_view json_text, std::string_view name) {
  return data_->catalog.add_file(json_text, name);
}

MeteredUsage PriceBook::meter(const LlmUsageReport& report, SystemTime at) const {
  const std::lock_guard lock(data_->mutex);
  MeteredUsage out;
  out.provider = report.provider;
  out.model = report.model;
  out.requested_model = report.requested_model;
  std::optional<std::int64_t> own_cost;
  data_->normalise(report, out, own_cost);
  if (out.model.empty()) out.model = out.requested_model;
  if (out.requested_model.empty()) out.requested_model = out.model;
  out.cost = data_->price(out, own_cost, at);
  if (out.provider.empty() && out.cost.basis == CostBasis::kList) out.provider = out.cost.priced_by;
  return out;
}

std::optional<PriceRow> PriceBook::find(std::string_view provider, std::string_view model, SystemTime at) const {
  const std::lock_guard lock(data_->mutex);
  auto row = data_->catalog.override_row(model);
  if (!row) row = data_->catalog.file_row(provider, model, at);
  return row ? row : data_->catalog.listed_row(provider, model, at);
}

bool PriceBook::knows_provider(std::string_view name) const {
  const std::lock_guard lock(data_->mutex);
  return data_->catalog.knows_provider(name);
}

std::vector<std::string> PriceBook::unused_overrides() const {
  const std::lock_guard lock(data_->mutex);
  return data_->catalog.unused_overrides();
}

std::vector<PriceRow> PriceBook::list(std::string_view filter, SystemTime at) const {
  const std::lock_guard lock(data_->mutex);
  std::vector<PriceRow> rows = data_->catalog.rows(at);
  std::erase_if(rows, [&](const PriceRow& row) {
    return fmt::format("{}/{}", row.provider, row.model).find(filter) == std::string::npos;
  });
  return rows;
}

void PriceBook::read_ahead() const {
  const std::lock_guard lock(data_->mutex);
  static_cast<void>(data_->catalog.data());
}

bool PriceBook::was_read() const noexcept {
  const std::lock_guard lock(data_->mutex);
  return data_->catalog.was_read();
}

std::string_view PriceBook::data_version() noexcept {
  return pricing::kPriceData.source;
}

std::string_view PriceBook::data_date() noexcept {
  return pricing::kPriceData.date;
}

std::string usd_text(std::int64_t nano_usd) {
  std::string text = fmt::format("${:.9f}", static_cast<double>(nano_usd) / 1e9);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::int64_t nano_usd_of(double usd) noexcept {
  constexpr double kMost = 9e9;
  return static_cast<std::int64_t>(std::clamp(usd, 0.0, kMost) * 1e9 + 0.5);
}

Value usd_value(std::int64_t nano_usd) {
  return Value::number(static_cast<double>(nano_usd) / 1e9);
}

}  // namespace pflow
