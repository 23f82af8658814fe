#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/value.hpp"

namespace pflow {

/// What one LLM call used, by the price registry's unit names, inclusive: `input_tokens` holds `cache_read_tokens`,
/// `output_tokens` holds `output_reasoning_tokens`. Counts are whole numbers, but for durations in seconds.
class Usage {
 public:
  using Entry = std::pair<std::string, double>;

  void set(std::string_view unit, double count);
  void add(std::string_view unit, double count);
  [[nodiscard]] const double* find(std::string_view unit) const noexcept;  ///< nullptr: not told, which is not 0
  [[nodiscard]] std::int64_t count(std::string_view unit) const noexcept;  ///< 0 when not told

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }  ///< in the order first set

  friend bool operator==(const Usage&, const Usage&) = default;

 private:
  std::vector<Entry> entries_;
};

/// {"input_tokens": 12, ...}
[[nodiscard]] Value usage_value(const Usage& usage);

/// Token counts as Anthropic's `usage` object means them: each token in exactly one of the four.
struct ExclusiveTokens {
  std::int64_t input = 0;  ///< neither read from a cache nor written to one
  std::int64_t cache_creation = 0;
  std::int64_t cache_read = 0;
  std::int64_t output = 0;
};

/// The one conversion at the JSON edge. Input smaller than its cached parts (a provider's error) gives 0, so that the
/// sum is never less than what was told.
[[nodiscard]] ExclusiveTokens exclusive_tokens(std::int64_t input, std::int64_t cache_creation, std::int64_t cache_read,
                                               std::int64_t output) noexcept;

}  // namespace pflow
