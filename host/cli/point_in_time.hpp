#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/pricing/price_book.hpp"

namespace pflow::host {

/// A time as --at takes it, ISO 8601: "2026-10-01" (its first second, UTC) or "2026-10-01T12:00:00Z", seconds and their
/// fraction optional, an offset such as "+02:00" in the place of Z. Years 1970 to 2199. Error: kUsage.
[[nodiscard]] Result<SystemTime> point_in_time(std::string_view text);

}  // namespace pflow::host
