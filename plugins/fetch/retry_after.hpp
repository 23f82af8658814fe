#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "header.hpp"

namespace pflow::fetch {

using Seconds = std::chrono::sys_seconds;

/// An HTTP date in any of the three forms that RFC 9110 has servers write; nothing: it is none.
[[nodiscard]] std::optional<Seconds> parse_http_date(std::string_view text);

/// How long a server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. A date is compared with
/// the answer's own `date`, for clocks differ; without one, with `now`. -1: it does not ask, or not so that one can
/// tell.
[[nodiscard]] std::int64_t retry_after_ms(const ResponseHeaders& headers, Seconds now);

}  // namespace pflow::fetch
