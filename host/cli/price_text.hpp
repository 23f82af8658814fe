#pragma once

#include <string>
#include <vector>

#include "core/pricing/price_book.hpp"

namespace pflow::host {

/// A price row for programs: {"model", "provider", "input_usd_per_million", ..., "source", "date"}.
[[nodiscard]] Value price_value(const PriceRow& row);

/// A price row for people, a line for each price.
[[nodiscard]] std::string price_text(const PriceRow& row);

/// Many rows, a line each.
[[nodiscard]] std::string price_table(const std::vector<PriceRow>& rows);

}  // namespace pflow::host
