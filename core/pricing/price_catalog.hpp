#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/pricing/price_book.hpp"
#include "core/pricing/price_list.hpp"
#include "core/pricing/unit_registry.hpp"

namespace pflow::pricing {

/// All rows there are, and which of them is a model's: the user's single prices, the user's files, the two lists of the
/// data. The data is read when it is first asked for. Not thread-safe.
class PriceCatalog {
 public:
  void add_override(std::string_view model, Value prices);

  /// Errors: those of PriceBook::add_file.
  [[nodiscard]] Result<void> add_file(std::string_view json_text, std::string_view name);

  // A model's price: a single one of the user's, one of the user's files, one of the data.
  [[nodiscard]] std::optional<PriceRow> override_row(std::string_view model);
  [[nodiscard]] std::optional<PriceRow> file_row(std::string_view provider, std::string_view model, SystemTime at);
  [[nodiscard]] std::optional<PriceRow> listed_row(std::string_view provider, std::string_view model, SystemTime at);

  /// All of them, the user's first.
  [[nodiscard]] std::vector<PriceRow> rows(SystemTime at);

  [[nodiscard]] bool knows_provider(std::string_view name);
  [[nodiscard]] std::vector<std::string> unused_overrides() const;

  [[nodiscard]] PriceList& data();  ///< the first list: its extractors read responses
  [[nodiscard]] const UnitRegistry& units();

  [[nodiscard]] bool was_read() const noexcept { return main_.has_value(); }  ///< the data

 private:
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

  void read();
  [[nodiscard]] static PriceRow row_of(const Found& found, SystemTime at);
  [[nodiscard]] static PriceRow row_of(const Override& price);
  [[nodiscard]] static Found look_in(PriceList& list, std::string_view provider_id, const std::string& name);
  [[nodiscard]] Found in_files(std::string_view provider, std::string_view model);
  [[nodiscard]] Found in_data(std::string_view provider, std::string_view model);

  std::vector<Override> overrides_;
  std::vector<std::unique_ptr<std::string>> file_texts_;  // what `files_` refer to
  std::vector<PriceList> files_;
  std::optional<PriceList> main_;
  std::optional<PriceList> extra_;
  std::optional<UnitRegistry> units_;
  std::unordered_map<std::string, Found> looked_up_;  // in the data; rows live as long as the lists
};

}  // namespace pflow::pricing
