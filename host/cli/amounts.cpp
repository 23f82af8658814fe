#include "host/cli/amounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pflow::host {

std::string grouped_text(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, 1, ',');
  return text;
}

std::string duration_text(double milliseconds) {
  constexpr double kSecond = 1000;
  constexpr double kMinute = 60 * kSecond;
  constexpr double kHour = 60 * kMinute;
  const double ms = std::max(milliseconds, 0.0);
  // The limits are where rounding would show the next unit.
  if (ms < 9.95) return fmt::format("{:.1f} ms", ms);
  if (ms < 999.5) return fmt::format("{:.0f} ms", ms);
  if (ms < 9.995 * kSecond) return fmt::format("{:.2f} s", ms / kSecond);
  if (ms < 59.95 * kSecond) return fmt::format("{:.1f} s", ms / kSecond);
  constexpr double kLongest = 1e15;  // 30,000 years: such a file is not honest
  const auto seconds = static_cast<std::uint64_t>(std::llround(std::min(ms, kLongest) / kSecond));
  if (ms < kHour - kSecond / 2) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  const std::uint64_t minutes = (seconds + 30) / 60;
  return fmt::format("{} h {:02} min", grouped_text(minutes / 60), minutes % 60);
}

std::string money_text(double usd) {
  constexpr double kNano = 1e-9;
  if (std::abs(usd) < kNano / 2) return "$0";
  if (usd >= 0.1) return usd < 1e12 ? fmt::format("${:.2f}", usd) : fmt::format("${:.3g}", usd);
  usd *= 1 + 1e-12;  // a half that binary fractions made a little less is rounded up all the same
  int decimals = 2;
  for (double smallest = 0.1; usd < smallest && decimals < 9; smallest /= 10)
    ++decimals;
  return fmt::format("${:.{}f}", usd, decimals);
}

std::string counted_text(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", grouped_text(n), noun, n == 1 ? "" : "s");
}

}  // namespace pflow::host
