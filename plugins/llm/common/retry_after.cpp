#include "retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace pflow::llm {
namespace {

constexpr double kDayMs = 86'400'000;

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

std::optional<std::int64_t> scaled(std::string_view text, double ms_per_unit) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number) || number < 0)
    return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(std::min(number * ms_per_unit, kDayMs)));
}

/// Takes a text apart from its beginning.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_(text) {}

  bool take(std::string_view word) noexcept {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<int> digits(std::size_t count) noexcept {
    int number = 0;
    if (rest_.size() < count) return std::nullopt;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + count, number);
    if (error != std::errc() || end != rest_.data() + count) return std::nullopt;
    rest_.remove_prefix(count);
    return number;
  }

  std::optional<unsigned> month() noexcept {
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (take(kMonths[i])) return static_cast<unsigned>(i + 1);
    }
    return std::nullopt;
  }

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that servers write.
std::optional<std::chrono::system_clock::time_point> read_http_date(std::string_view text) {
  const std::size_t comma = text.find(", ");
  if (comma != 3) return std::nullopt;
  Scanner in(text.substr(comma + 2));
  const auto day = in.digits(2);
  if (!day || !in.take(" ")) return std::nullopt;
  const auto month = in.month();
  if (!month || !in.take(" ")) return std::nullopt;
  const auto year = in.digits(4);
  if (!year || !in.take(" ")) return std::nullopt;
  const auto hour = in.digits(2);
  if (!hour || !in.take(":")) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute || !in.take(":")) return std::nullopt;
  const auto second = in.digits(2);
  if (!second || !in.take(" GMT") || !in.at_end()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace

std::optional<std::int64_t> read_retry_after(std::string_view text, std::chrono::system_clock::time_point now) {
  text = trimmed(text);
  constexpr double kMsPerSecond = 1000;
  if (const auto ms = scaled(text, kMsPerSecond)) return ms;
  const auto date = read_http_date(text);
  if (!date) return std::nullopt;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*date - now).count();
  return std::clamp<std::int64_t>(left, 0, static_cast<std::int64_t>(kDayMs));
}

std::optional<std::int64_t> read_milliseconds(std::string_view text) {
  return scaled(trimmed(text), 1);
}

std::optional<std::int64_t> read_json_duration(std::string_view text) {
  if (!text.ends_with('s')) return std::nullopt;
  text.remove_suffix(1);
  constexpr double kMsPerSecond = 1000;
  return scaled(text, kMsPerSecond);
}

}  // namespace pflow::llm
