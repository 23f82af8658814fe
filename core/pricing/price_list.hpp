#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/value.hpp"
#include "core/pricing/matcher.hpp"
#include "core/pricing/unit_registry.hpp"

namespace pflow::pricing {

/// A model's row in a list.
struct ListedModel {
  std::string id;
  Matcher match;
  Value prices;  ///< an object, or a list of conditional ones
  std::int64_t context_window = 0;
};

/// One provider's part of a price list, read.
struct ListedProvider {
  std::string id;
  std::vector<ListedModel> models;
  std::vector<Value> extractors;
  std::vector<std::string> fallbacks;  ///< providers whose lists count when this one has no row

  /// The first row that fits. O(rows).
  [[nodiscard]] const ListedModel* find(std::string_view model) const;
};

/// A price file in the format of genai-prices: an array of providers. Read provider by provider, when one is first
/// asked for: the text must outlive this. Not thread-safe.
class PriceList {
 public:
  PriceList(std::string_view text, std::string source, std::string date);

  /// Reads all of a user's file at once. Errors: kWrongType, kInvalidValue.
  [[nodiscard]] Result<void> check(const UnitRegistry& units);

  [[nodiscard]] const std::string& source() const noexcept { return source_; }

  [[nodiscard]] const std::string& date() const noexcept { return date_; }

  [[nodiscard]] const std::vector<std::string>& provider_ids() const noexcept { return ids_; }  ///< in list order

  [[nodiscard]] const ListedProvider* provider(std::string_view id);  ///< nullptr: not in the list

  /// The provider that a name means ("gemini" is google): by id, then by what the list says of names. Empty: none.
  [[nodiscard]] std::string provider_named(std::string_view name);

  /// The provider whose models are called like this. Empty: none.
  [[nodiscard]] std::string provider_of_model(std::string_view model);

 private:
  struct Slice {
    std::string_view text;
    std::unique_ptr<ListedProvider> read;
    std::optional<Matcher> names;   // provider_match
    std::optional<Matcher> models;  // model_match
  };

  [[nodiscard]] static Result<ListedProvider> read_provider(const Value& value);

  std::string source_;
  std::string date_;
  std::vector<std::string> ids_;
  std::optional<std::size_t> listed_twice_;  // the first provider that was passed over, for a user's file
  std::map<std::string, Slice, std::less<>> slices_;
};

}  // namespace pflow::pricing
