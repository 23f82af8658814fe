#pragma once

#include <cstddef>
#include <string_view>

extern "C" {
extern const char pflow_price_data[];
extern const char pflow_price_data_end[];
extern const char pflow_price_units[];
extern const char pflow_price_units_end[];
extern const char pflow_price_extra[];
extern const char pflow_price_extra_end[];
}

namespace pflow::pricing {

/// One of the price files that are part of the program. Where it is from: core/pricing/data/.
struct EmbeddedFile {
  std::string_view source;  ///< what a user is told: "genai-prices 0.1.8"
  std::string_view date;
  const char* begin;
  const char* end;

  [[nodiscard]] std::string_view text() const noexcept { return {begin, static_cast<std::size_t>(end - begin)}; }
};

inline constexpr EmbeddedFile kPriceData{"genai-prices 0.1.8", "2026-09-23", pflow_price_data, pflow_price_data_end};
inline constexpr EmbeddedFile kExtraPrices{"litellm 2026-08-01", "2026-08-01", pflow_price_extra,
                                           pflow_price_extra_end};
inline constexpr EmbeddedFile kUnits{"genai-prices 0.1.8", "2026-09-23", pflow_price_units, pflow_price_units_end};

}  // namespace pflow::pricing
