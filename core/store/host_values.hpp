#pragma once

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
  [[nodiscard]] virtual Value value(std::string_view name) const = 0;  ///< of a host name
};

}  // namespace pflow
