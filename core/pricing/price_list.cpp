#include "core/pricing/price_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json_read.hpp"
#include "core/pricing/complaint.hpp"
#include "core/pricing/json_slices.hpp"
#include "core/pricing/price_check.hpp"

namespace pflow::pricing {
namespace {

std::string_view unquoted(std::string_view text) noexcept {
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : std::string_view();
}

std::optional<Matcher> matcher_in(std::string_view json) {
  Result<Value> logic = read_json(json, "match");
  if (!logic) return std::nullopt;
  Result<Matcher> matcher = Matcher::read(*logic);
  return matcher ? std::optional(std::move(matcher).value()) : std::nullopt;
}

Result<ListedModel> read_model(const Value& value) {
  const Value* id = value.find("id");
  if (id == nullptr || !id->is_string()) return complaint(Code::kWrongType, "a model needs an \"id\"", "id");
  const Value* prices = value.find("prices");
  if (prices == nullptr || !(prices->is_object() || prices->is_array())) {
    return complaint(Code::kWrongType, fmt::format("the model \"{}\" needs \"prices\"", id->text()), "prices");
  }
  ListedModel m;
  m.id = id->text();
  m.prices = *prices;
  m.match = Matcher::equal_to(m.id);
  if (const Value* match = value.find("match")) {
    Result<Matcher> read = Matcher::read(*match);
    if (!read) return below(std::move(read).error(), "match");
    m.match = std::move(read).value();
  }
  const Value* window = value.find("context_window");
  if (window != nullptr && window->is_integer()) m.context_window = window->as_int();
  return m;
}

}  // namespace

const ListedModel* ListedProvider::find(std::string_view model) const {
  const auto it =
      std::find_if(models.begin(), models.end(), [&](const ListedModel& m) { return m.match.matches(model); });
  return it == models.end() ? nullptr : &*it;
}

PriceList::PriceList(std::string_view text, std::string source, std::string date)
    : source_(std::move(source)), date_(std::move(date)) {
  JsonSlices providers(text);
  std::size_t position = 0;
  while (providers.next()) {
    Slice slice;
    slice.text = providers.value();
    std::string id;
    JsonSlices parts(slice.text);
    while (parts.next()) {
      if (parts.key() == "id") id = unquoted(parts.value());
      if (parts.key() == "provider_match") slice.names = matcher_in(parts.value());
      if (parts.key() == "model_match") slice.models = matcher_in(parts.value());
    }
    if (slices_.emplace(id, std::move(slice)).second) {
      ids_.push_back(id);
    } else if (!listed_twice_) {
      listed_twice_ = position;
    }
    ++position;
  }
}

Result<void> PriceList::check(const UnitRegistry& units) {
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    Slice& slice = slices_.find(ids_[i])->second;
    Result<Value> value = read_json(slice.text, source_);
    if (!value) return std::move(value).error();
    Result<ListedProvider> read = read_provider(*value);
    if (!read) return below(std::move(read).error(), std::to_string(i));
    for (std::size_t k = 0; k < read->models.size(); ++k) {
      if (Result<void> compiled = read->models[k].match.compile(); !compiled) {
        return below(std::move(compiled).error(), fmt::format("{}/models/{}/match", i, k));
      }
      if (Result<void> priced = check_prices(read->models[k].prices, units); !priced) {
        return below(std::move(priced).error(), fmt::format("{}/models/{}/prices", i, k));
      }
    }
    slice.read = std::make_unique<ListedProvider>(std::move(read).value());
  }
  if (!listed_twice_) return {};
  return complaint(Code::kInvalidValue, "a provider is listed twice", fmt::format("{}/id", *listed_twice_));
}

Result<ListedProvider> PriceList::read_provider(const Value& value) {
  const Value* id = value.find("id");
  if (id == nullptr || !id->is_string()) return complaint(Code::kWrongType, "a provider needs an \"id\"", "id");
  ListedProvider p;
  p.id = id->text();
  const Value* models = value.find("models");
  if (models == nullptr || !models->is_array()) {
    return complaint(Code::kWrongType, fmt::format("the provider \"{}\" needs a list of \"models\"", p.id), "models");
  }
  for (std::size_t i = 0; i < models->size(); ++i) {
    Result<ListedModel> model = read_model(models->items()[i]);
    if (!model) return below(std::move(model).error(), fmt::format("models/{}", i));
    p.models.push_back(std::move(model).value());
  }
  const Value* extractors = value.find("extractors");
  if (extractors != nullptr && extractors->is_array()) {
    p.extractors.assign(extractors->items().begin(), extractors->items().end());
  }
  const Value* fallbacks = value.find("fallback_model_providers");
  if (fallbacks != nullptr && fallbacks->is_array()) {
    for (const Value& name : fallbacks->items()) {
      if (name.is_string()) p.fallbacks.emplace_back(name.text());
    }
  }
  return p;
}

const ListedProvider* PriceList::provider(std::string_view id) {
  const auto it = slices_.find(id);
  if (it == slices_.end()) return nullptr;
  Slice& slice = it->second;
  if (!slice.read) {
    const Result<Value> value = read_json(slice.text, source_);
    Result<ListedProvider> read = value ? read_provider(*value) : Result<ListedProvider>(value.error());
    slice.read = std::make_unique<ListedProvider>(read ? std::move(read).value() : ListedProvider());
  }
  return slice.read.get();
}

std::string PriceList::provider_named(std::string_view name) {
  std::string plain(name);
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (slices_.find(plain) != slices_.end()) return plain;
  for (const std::string& id : ids_) {
    const Slice& slice = slices_.find(id)->second;
    if (slice.names && slice.names->matches(plain)) return id;
  }
  return "";
}

std::string PriceList::provider_of_model(std::string_view model) {
  for (const std::string& id : ids_) {
    const Slice& slice = slices_.find(id)->second;
    if (slice.models && slice.models->matches(model)) return id;
  }
  return "";
}

}  // namespace pflow::pricing
