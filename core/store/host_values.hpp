#pragma once

#include <span>
#include <string_view>

#include "core/base/value.hpp"

namespace pflow {

/// The names that the host alone gives a value: every LLM call so far, and what the run has measured so far.
inline constexpr std::string_view kLlmCallsName = "__llm_calls__";
inline constexpr std::string_view kMetricsName = "__metrics__";

[[nodiscard]] constexpr bool is_host_name(std::string_view name) noexcept {
  return name == kLlmCallsName || name == kMetricsName;
}

/// Makes the values of those names when they are read. Any thread.
class HostValues {
 public:
  virtual ~HostValues() = default;
  /// Of a host name; when only one part of it is asked for, such as {"total", "cost_usd"}, what leads there is enough.
  [[nodiscard]] virtual Value value(std::string_view name, std::span<const std::string_view> keys) const = 0;
};

}  // namespace pflow
