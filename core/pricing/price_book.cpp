#include "core/pricing/price_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "core/base/json_read.hpp"
#include "core/base/object_builder.hpp"
#include "core/pricing/embedded_data.hpp"
#include "core/pricing/extractor.hpp"
#include "core/pricing/model_cost.hpp"
#include "core/pricing/model_names.hpp"
#include "core/pricing/price_list.hpp"
#include "core/pricing/unit_registry.hpp"

namespace pflow {
namespace {

using pricing::ListedModel;
using pricing::ListedProvider;
using pricing::PriceList;
using pricing::UnitRegistry;

constexpr std::string_view kStandInProvider = "openai";
constexpr std::string_view kStandInModel = "gpt-4o-mini";

struct Override {
  std::string model;
  std::vector<std::string> names;  // what it may be called
  Value prices;
  bool used = false;
};

// A row with the list and provider it stands in.
struct Found {
  const PriceList* list = nullptr;
  std::string provider;
  const ListedModel* model = nullptr;
};

PriceRow row_of(const Found& found, SystemTime at) {
  PriceRow row;
  row.provider = found.provider;
  row.model = found.model->id;
  row.source = found.list->source();
  row.date = found.list->date();
  row.prices = pricing::prices_at(found.model->prices, at);
  row.context_window = found.model->context_window;
  return row;
}

PriceRow row_of(const Override& o) {
  PriceRow row;
  row.model = o.model;
  row.source = "--price";
  row.prices = o.prices;
  return row;
}

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
  std::vector<Override> overrides;
  std::vector<std::unique_ptr<std::string>> file_texts;
  std::vector<PriceList> files;
  std::optional<PriceList> main;
  std::optional<PriceList> extra;
  std::optional<UnitRegistry> units;
  std::unordered_map<std::string, Found> looked_up;  // rows live as long as the lists

  void read() {
    if (main) return;
    main.emplace(pricing::kPriceData.text(), std::string(pricing::kPriceData.source),
                 std::string(pricing::kPriceData.date));
    extra.emplace(pricing::kExtraPrices.text(), std::string(pricing::kExtraPrices.source),
                  std::string(pricing::kExtraPrices.date));
    read_units();
  }

  void read_units() {
    if (units) return;
    const Result<Value> registry = read_json(pricing::kUnits.text(), "units");
    units.emplace(registry ? *registry : Value());
  }

  // The first of the model's names that a provider's list has.
  static Found look_in(PriceList& list, std::string_view provider_id, const std::string& name) {
    const ListedProvider* provider = list.provider(provider_id);
    if (provider == nullptr) return {};
    if (const ListedModel* model = provider->find(name)) return {&list, provider->id, model};
    for (const std::string& fallback : provider->fallbacks) {
      const ListedProvider* other = list.provider(fallback);
      if (other == nullptr) continue;
      if (const ListedModel* model = other->find(name)) return {&list, other->id, model};
    }
    return {};
  }

  // The user may write the name as it is called or as it is listed.
  Override* override_of(std::string_view model) {
    for (const std::string& name : pricing::model_names(model)) {
      const auto it = std::find_if(overrides.rbegin(), overrides.rend(), [&](const Override& o) {
        return std::find(o.names.begin(), o.names.end(), name) != o.names.end();
      });
      if (it == overrides.rend()) continue;
      it->used = true;
      return &*it;
    }
    return nullptr;
  }

  Found in_files(std::string_view provider, std::string_view model) {
    for (auto list = files.rbegin(); list != files.rend(); ++list) {
      for (const std::string& name : pricing::model_names(model)) {
        if (Found f = look_in(*list, list->provider_named(provider), name); f.model != nullptr) return f;
        for (const std::string& id : list->provider_ids()) {
          if (Found f = look_in(*list, id, name); f.model != nullptr) return f;
        }
      }
    }
    return {};
  }

  Found in_data(std::string_view provider, std::string_view model) {
    constexpr std::size_t kMostKept = 10'000;
    std::string key = fmt::format("{}\n{}", provider, model);
    if (const auto kept = looked_up.find(key); kept != looked_up.end()) return kept->second;
    const Found found = search(provider, model);
    if (looked_up.size() < kMostKept) looked_up.emplace(std::move(key), found);
    return found;
  }

  Found search(std::string_view provider, std::string_view model) {
    read();
    const std::vector<std::string> names = pricing::model_names(model);
    const std::string known = provider.empty() ? "" : main->provider_named(provider);
    for (const std::string& name : names) {
      const std::string id = known.empty() ? main->provider_of_model(name) : known;
      if (Found f = look_in(*main, id, name); f.model != nullptr) return f;
    }
    // Bedrock's names tell of themselves.
    if (known.empty() && model.find("anthropic.") != std::string_view::npos) {
      if (Found f = look_in(*main, "aws", std::string(model)); f.model != nullptr) return f;
    }
    const std::string extra_id = extra->provider_named(known.empty() ? provider : std::string_view(known));
    for (const std::string& name : names) {
      if (Found f = look_in(*extra, extra_id, name); f.model != nullptr) return f;
    }
    if (!known.empty() || !extra_id.empty()) return {};
    for (const std::string& name : names) {
      for (const std::string& id : extra->provider_ids()) {
        if (Found f = look_in(*extra, id, name); f.model != nullptr) return f;
      }
    }
    return {};
  }

  // By the report's own body: nothing when no extractor understands it.
  std::optional<pricing::Extracted> from_body(const LlmUsageReport& report, const Value& body) {
    read();
    std::string id = report.provider.empty()
                         ? main->provider_of_model(report.model.empty() ? report.requested_model : report.model)
                         : main->provider_named(report.provider);
    std::string_view flavor = report.api_flavor;
    // Servers that speak another vendor's language.
    if (id.empty() && (flavor == "chat" || flavor == "responses")) id = "openai";
    if (id.empty() && flavor == "messages") id = "anthropic";
    if (id == "anthropic" && flavor == "messages") flavor = "default";
    const ListedProvider* provider = main->provider(id);
    if (provider == nullptr) return std::nullopt;
    for (const Value& extractor : provider->extractors) {
      const Value* own = extractor.find("api_flavor");
      const bool wanted = flavor.empty() || (own != nullptr && own->is_string() && own->text() == flavor);
      if (!wanted) continue;
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
    read();
    Usage usage;
    for (const Member& m : read_units->members()) {
      const bool count = m.value.is_number() && std::isfinite(m.value.as_double()) && m.value.as_double() >= 0;
      if (!count || units->find(m.name()) == nullptr) {
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
  read();
  Cost cost;
  const std::string_view model = metered.model.empty() ? metered.requested_model : metered.model;
  Override* own_price = override_of(model);
  if (own_price == nullptr && metered.requested_model != model) own_price = override_of(metered.requested_model);
  if (own_price != nullptr) {
    cost.basis = CostBasis::kOverride;
    cost.row = row_of(*own_price);
  } else if (const Found f = in_files(metered.provider, model); f.model != nullptr) {
    cost.basis = CostBasis::kOverride;
    cost.priced_by = f.provider;
    cost.row = row_of(f, at);
  } else if (own_cost) {
    cost.basis = CostBasis::kProvider;
    cost.nano_usd = std::max<std::int64_t>(*own_cost, 0);
    return cost;
  } else {
    Found listed = in_data(metered.provider, model);
    if (listed.model == nullptr) {
      cost.basis = CostBasis::kUnknown;
      listed = in_data(kStandInProvider, kStandInModel);
    }
    cost.priced_by = listed.provider;
    cost.row = row_of(listed, at);
  }
  cost.nano_usd = pricing::cost_of(metered.usage, cost.row->prices, *units, cost.problems);
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
  data_->overrides.push_back({std::string(model), pricing::model_names(model), prices.finish()});
  return {};
}

Result<void> PriceBook::add_file(std::string_view json_text, std::string_view name) {
  const Result<Value> whole = read_json(json_text, name);
  if (!whole) return whole.error();
  if (!whole->is_array()) {
    Error e;
    e.code = Code::kWrongType;
    e.message = "a price file must be a list of providers";
    e.where = name;
    return e;
  }
  data_->file_texts.push_back(std::make_unique<std::string>(json_text));
  PriceList list(*data_->file_texts.back(), std::string(name), "");
  data_->read_units();
  if (Result<void> checked = list.check(*data_->units); !checked) {
    Error e = std::move(checked).error();
    e.where = fmt::format("{}: /{}", name, e.where);
    return e;
  }
  data_->files.push_back(std::move(list));
  return {};
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
  if (const Override* o = data_->override_of(model)) return row_of(*o);
  if (const Found f = data_->in_files(provider, model); f.model != nullptr) return row_of(f, at);
  const Found f = data_->in_data(provider, model);
  return f.model == nullptr ? std::nullopt : std::optional(row_of(f, at));
}

bool PriceBook::knows_provider(std::string_view name) const {
  const std::lock_guard lock(data_->mutex);
  data_->read();
  const auto knows = [&](PriceList& list) { return !list.provider_named(name).empty(); };
  return knows(*data_->main) || knows(*data_->extra) || std::any_of(data_->files.begin(), data_->files.end(), knows);
}

std::vector<std::string> PriceBook::unused_overrides() const {
  const std::lock_guard lock(data_->mutex);
  std::vector<std::string> models;
  for (const Override& o : data_->overrides) {
    if (!o.used) models.push_back(o.model);
  }
  return models;
}

std::vector<PriceRow> PriceBook::list(std::string_view filter, SystemTime at) const {
  const std::lock_guard lock(data_->mutex);
  data_->read();
  std::vector<PriceRow> rows;
  const auto add = [&](PriceRow row) {
    if (fmt::format("{}/{}", row.provider, row.model).find(filter) != std::string::npos) rows.push_back(std::move(row));
  };
  for (const Override& o : data_->overrides)
    add(row_of(o));
  std::vector<PriceList*> lists;
  for (PriceList& file : data_->files)
    lists.push_back(&file);
  lists.push_back(&*data_->main);
  lists.push_back(&*data_->extra);
  for (PriceList* list : lists) {
    for (const std::string& id : list->provider_ids()) {
      for (const ListedModel& model : list->provider(id)->models)
        add(row_of(Found{list, id, &model}, at));
    }
  }
  return rows;
}

bool PriceBook::was_read() const noexcept {
  const std::lock_guard lock(data_->mutex);
  return data_->main.has_value();
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

Value usd_value(std::int64_t nano_usd) {
  return Value::number(static_cast<double>(nano_usd) / 1e9);
}

}  // namespace pflow
