#include "core/pricing/price_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json_read.hpp"
#include "core/pricing/embedded_data.hpp"
#include "core/pricing/model_cost.hpp"
#include "core/pricing/model_names.hpp"

namespace pflow::pricing {

void PriceCatalog::read() {
  if (main_) return;
  main_.emplace(kPriceData.text(), std::string(kPriceData.source), std::string(kPriceData.date));
  extra_.emplace(kExtraPrices.text(), std::string(kExtraPrices.source), std::string(kExtraPrices.date));
}

PriceList& PriceCatalog::data() {
  read();
  return *main_;
}

const UnitRegistry& PriceCatalog::units() {
  if (!units_) {
    const Result<Value> registry = read_json(kUnits.text(), "units");
    units_.emplace(registry ? *registry : Value());
  }
  return *units_;
}

void PriceCatalog::add_override(std::string_view model, Value prices) {
  overrides_.push_back({std::string(model), model_names(model), std::move(prices)});
}

Result<void> PriceCatalog::add_file(std::string_view json_text, std::string_view name) {
  const Result<Value> whole = read_json(json_text, name);
  if (!whole) return whole.error();
  if (!whole->is_array()) {
    Error e;
    e.code = Code::kWrongType;
    e.message = "a price file must be a list of providers";
    e.where = name;
    return e;
  }
  file_texts_.push_back(std::make_unique<std::string>(json_text));
  PriceList list(*file_texts_.back(), std::string(name), "");
  if (Result<void> checked = list.check(units()); !checked) {
    Error e = std::move(checked).error();
    e.where = fmt::format("{}: /{}", name, e.where);
    return e;
  }
  files_.push_back(std::move(list));
  return {};
}

PriceRow PriceCatalog::row_of(const Found& found, SystemTime at) {
  PriceRow row;
  row.provider = found.provider;
  row.model = found.model->id;
  row.source = found.list->source();
  row.date = found.list->date();
  row.prices = prices_at(found.model->prices, at);
  row.context_window = found.model->context_window;
  return row;
}

PriceRow PriceCatalog::row_of(const Override& price) {
  PriceRow row;
  row.model = price.model;
  row.source = "--price";
  row.prices = price.prices;
  return row;
}

std::optional<PriceRow> PriceCatalog::override_row(std::string_view model) {
  for (const std::string& name : model_names(model)) {
    const auto it = std::find_if(overrides_.rbegin(), overrides_.rend(), [&](const Override& o) {
      return std::find(o.names.begin(), o.names.end(), name) != o.names.end();
    });
    if (it == overrides_.rend()) continue;
    it->used = true;
    return row_of(*it);
  }
  return std::nullopt;
}

std::optional<PriceRow> PriceCatalog::file_row(std::string_view provider, std::string_view model, SystemTime at) {
  const Found found = in_files(provider, model);
  return found.model == nullptr ? std::nullopt : std::optional(row_of(found, at));
}

std::optional<PriceRow> PriceCatalog::listed_row(std::string_view provider, std::string_view model, SystemTime at) {
  constexpr std::size_t kMostKept = 10'000;
  std::string key = fmt::format("{}\n{}", provider, model);
  auto known = looked_up_.find(key);
  if (known == looked_up_.end()) {
    if (looked_up_.size() == kMostKept) looked_up_.clear();
    known = looked_up_.emplace(std::move(key), in_data(provider, model)).first;
  }
  return known->second.model == nullptr ? std::nullopt : std::optional(row_of(known->second, at));
}

// The first of the model's names that a provider's list has.
PriceCatalog::Found PriceCatalog::look_in(PriceList& list, std::string_view provider_id, const std::string& name) {
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

PriceCatalog::Found PriceCatalog::in_files(std::string_view provider, std::string_view model) {
  for (auto list = files_.rbegin(); list != files_.rend(); ++list) {
    for (const std::string& name : model_names(model)) {
      if (Found f = look_in(*list, list->provider_named(provider), name); f.model != nullptr) return f;
      for (const std::string& id : list->provider_ids()) {
        if (Found f = look_in(*list, id, name); f.model != nullptr) return f;
      }
    }
  }
  return {};
}

PriceCatalog::Found PriceCatalog::in_data(std::string_view provider, std::string_view model) {
  read();
  const std::vector<std::string> names = model_names(model);
  const std::string known = provider.empty() ? "" : main_->provider_named(provider);
  for (const std::string& name : names) {
    const std::string id = known.empty() ? main_->provider_of_model(name) : known;
    if (Found f = look_in(*main_, id, name); f.model != nullptr) return f;
  }
  // Bedrock's names tell of themselves.
  if (known.empty() && model.find("anthropic.") != std::string_view::npos) {
    if (Found f = look_in(*main_, "aws", std::string(model)); f.model != nullptr) return f;
  }
  const std::string extra_id = extra_->provider_named(known.empty() ? provider : std::string_view(known));
  for (const std::string& name : names) {
    if (Found f = look_in(*extra_, extra_id, name); f.model != nullptr) return f;
  }
  if (!known.empty() || !extra_id.empty()) return {};
  for (const std::string& name : names) {
    for (const std::string& id : extra_->provider_ids()) {
      if (Found f = look_in(*extra_, id, name); f.model != nullptr) return f;
    }
  }
  return {};
}

bool PriceCatalog::knows_provider(std::string_view name) {
  read();
  const auto knows = [&](PriceList& list) { return !list.provider_named(name).empty(); };
  return knows(*main_) || knows(*extra_) || std::any_of(files_.begin(), files_.end(), knows);
}

std::vector<std::string> PriceCatalog::unused_overrides() const {
  std::vector<std::string> models;
  for (const Override& o : overrides_) {
    if (!o.used) models.push_back(o.model);
  }
  return models;
}

std::vector<PriceRow> PriceCatalog::rows(SystemTime at) {
  read();
  std::vector<PriceRow> rows;
  for (const Override& o : overrides_)
    rows.push_back(row_of(o));
  std::vector<PriceList*> lists;
  for (PriceList& file : files_)
    lists.push_back(&file);
  lists.push_back(&*main_);
  lists.push_back(&*extra_);
  for (PriceList* list : lists) {
    for (const std::string& id : list->provider_ids()) {
      for (const ListedModel& model : list->provider(id)->models)
        rows.push_back(row_of(Found{list, id, &model}, at));
    }
  }
  return rows;
}

}  // namespace pflow::pricing
