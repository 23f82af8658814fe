#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pflow::llm {

/// Milliseconds from a Retry-After header: seconds, also fractional ("1.5"), or an HTTP date. At least 0, at most a
/// day. Nothing: it is neither.
[[nodiscard]] std::optional<std::int64_t> read_retry_after(std::string_view text,
                                                           std::chrono::system_clock::time_point now);

/// Milliseconds from "1234" or "1234.5".
[[nodiscard]] std::optional<std::int64_t> read_milliseconds(std::string_view text);

/// Milliseconds from a duration as Google's JSON writes it: "22s", "0.5s".
[[nodiscard]] std::optional<std::int64_t> read_json_duration(std::string_view text);

}  // namespace pflow::llm
