#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pflow::host {

// Numbers as people read them; machines get them exact elsewhere.

[[nodiscard]] std::string grouped_text(std::uint64_t n);  ///< "1,234,567"
[[nodiscard]] std::string duration_text(
    double milliseconds);                          ///< "0.4 ms", "487 ms", "2.88 s", "3 min 05 s", "2 h 10 min"
[[nodiscard]] std::string money_text(double usd);  ///< cents, and what is smaller with two digits that count: "$0.0127"

/// "2 nodes", "1 node"
[[nodiscard]] std::string counted_text(std::uint64_t n, std::string_view noun);

}  // namespace pflow::host
