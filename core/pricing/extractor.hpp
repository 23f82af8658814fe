#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/value.hpp"
#include "core/pricing/usage.hpp"

namespace pflow::pricing {

/// What a provider's response body tells.
struct Extracted {
  std::string model;  ///< empty: not told
  Usage usage;        ///< inclusive; counts of zero are left out
};

/// Reads a response body, or its usage part alone, by one extractor of the price data ({api_flavor, root, model_path,
/// mappings}). Nothing when a count that the extractor needs is missing or is no number.
[[nodiscard]] std::optional<Extracted> extract(const Value& extractor, const Value& body);

}  // namespace pflow::pricing
