#pragma once

#include <memory>
#include <optional>

#include "core/base/error.hpp"
#include "core/pricing/price_book.hpp"
#include "host/cli/options.hpp"

namespace pflow::host {

/// The prices of this run: the data, `pricing.json` in the user's folder, and --price. Errors: kUsage, and what is
/// wrong with the file.
[[nodiscard]] std::unique_ptr<PriceBook> make_price_book(const Options& options, Problems& errors);

/// What to tell when a cost is shown and the price data it comes from is more than 180 days old. Nothing when the
/// data was not used.
[[nodiscard]] std::optional<Error> price_data_age_warning(const PriceBook& prices, SystemTime now);

}  // namespace pflow::host
