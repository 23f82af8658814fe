#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

/// How long a server asks to wait. Waits are in whole milliseconds, rounded up, at least 0 and at most a day.
namespace pflow::retry_after {

using Seconds = std::chrono::sys_seconds;

/// An HTTP date in any of the three forms that RFC 9110 has servers write; nothing: it is none.
[[nodiscard]] std::optional<Seconds> read_http_date(std::string_view text);

/// "2", "0.25"; white space around it does no harm. Nothing: it is no such number.
[[nodiscard]] std::optional<std::int64_t> read_seconds(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> read_milliseconds(std::string_view text);

/// Values of the headers of these names; empty: did not come.
struct Headers {
  std::string_view retry_after_ms;
  std::string_view retry_after;
  std::string_view date;
};

/// `retry-after-ms`, or else `retry-after` in seconds or as a date. A date is compared with the answer's own `date`,
/// for clocks differ; without one, with `now`. Nothing: it does not ask, or not so that one can tell.
[[nodiscard]] std::optional<std::int64_t> read_wait(const Headers& headers, std::chrono::system_clock::time_point now);

}  // namespace pflow::retry_after
