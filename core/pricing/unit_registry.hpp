#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/value.hpp"

namespace pflow::pricing {

/// What may be counted and priced, as the price data names it. Immutable after construction.
class UnitRegistry {
 public:
  struct Unit {
    std::string name;       ///< "cache_read_tokens"
    std::string price_key;  ///< "cache_read_mtok"
    double per = 1;         ///< the price is for so many
    std::size_t dimensions = 0;
    std::vector<std::size_t> parts;  ///< positions of the units that are parts of this one
  };

  explicit UnitRegistry(const Value& data);

  /// From the most specific to the most general: a unit comes after all of its parts.
  [[nodiscard]] const std::vector<Unit>& units() const noexcept { return units_; }

  [[nodiscard]] const Unit* find(std::string_view name) const noexcept;

 private:
  std::vector<Unit> units_;
};

}  // namespace pflow::pricing
