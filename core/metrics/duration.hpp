#pragma once

#include <cstdint>

#include "core/base/value.hpp"

namespace pflow {

/// Nanoseconds as milliseconds with two decimals.
[[nodiscard]] inline Value ms_value(std::int64_t ns) noexcept {
  return Value::number(static_cast<double>((ns + 5'000) / 10'000) / 100.0);
}

}  // namespace pflow
