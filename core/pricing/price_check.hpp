#pragma once

#include "core/base/result.hpp"
#include "core/base/value.hpp"
#include "core/pricing/unit_registry.hpp"

namespace pflow::pricing {

/// Whether a model's prices, or its list of conditional ones, say what they are meant to: keys that price a unit,
/// amounts from 0 to 1e9 USD, whole tiers. Error: kInvalidValue; `where` is a JSON Pointer from `prices`.
[[nodiscard]] Result<void> check_prices(const Value& prices, const UnitRegistry& units);

}  // namespace pflow::pricing
