#pragma once

#include <cstdint>

#include "core/base/error.hpp"
#include "core/base/value.hpp"
#include "core/pricing/price_book.hpp"
#include "core/pricing/unit_registry.hpp"

namespace pflow::pricing {

/// The prices of a model at one moment: of several conditional ones the last that is active; {} when none is.
[[nodiscard]] Value prices_at(const Value& prices, SystemTime at);

/// What a usage costs at `prices` ({"input_mtok": 3, ...}), in nano-dollars, rounded once. Each count is split so that
/// every token has one price: the most specific that there is. A tier counts for all of its unit once the input is
/// above its start. Contradictory counts and what no double can hold are told in `problems`.
[[nodiscard]] std::int64_t cost_of(const Usage& usage, const Value& prices, const UnitRegistry& units,
                                   Problems& problems);

}  // namespace pflow::pricing
