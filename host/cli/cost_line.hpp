#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/pricing/price_book.hpp"

namespace pflow::host {

/// The answer to one line of `pricing cost`.
struct CostLine {
  std::string text;  ///< {"model", "usage", "cost_usd", "priced_by", "basis"}, or {"error": ...}; no line feed
  bool failed = false;
  std::string unpriced = {};  ///< the model whose price is not known
  Problems warnings = {};
};

/// What the response in `line`, {"provider", "api_flavor", "body"}, costs at `at`. `where` is the line's place for
/// messages, "FILE:7". Problems become part of the answer.
[[nodiscard]] CostLine cost_line(const PriceBook& prices, std::string_view line, const std::string& where,
                                 SystemTime at);

/// The answer to a line that cannot be priced.
[[nodiscard]] CostLine failed_line(const Error& e);

}  // namespace pflow::host
