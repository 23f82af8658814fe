#include "retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <vector>

namespace pflow::retry_after {
namespace {

constexpr double kMostMs = 86'400'000;  // a day

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kBetween = " ,-\t";
  std::vector<std::string_view> words;
  while (words.size() < 8) {
    const std::size_t first = text.find_first_not_of(kBetween);
    if (first == std::string_view::npos) break;
    text.remove_prefix(first);
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || digits.empty() || digits.front() == '-') return std::nullopt;
  return value;
}

std::optional<unsigned> month(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(kMonths.begin(), kMonths.end(), name);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = number(text.substr(0, 2));
  const auto minutes = number(text.substr(3, 2));
  const auto seconds = number(text.substr(6, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds);
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<std::int64_t> scaled(std::string_view text, double ms_per_unit) {
  text = trimmed(text);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value) || value < 0) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(std::min(value * ms_per_unit, kMostMs)));
}

}  // namespace

// Sun, 06 Nov 1994 08:49:37 GMT | Sunday, 06-Nov-94 08:49:37 GMT | Sun Nov  6 08:49:37 1994
std::optional<Seconds> read_http_date(std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() < 5) return std::nullopt;
  const bool asctime = month(words[1]).has_value();
  if (asctime ? words.size() != 5 : words.size() != 6 || words[5] != "GMT") return std::nullopt;
  const auto the_month = month(asctime ? words[1] : words[2]);
  const auto day = number(asctime ? words[2] : words[1]);
  const auto time = time_of_day(asctime ? words[3] : words[4]);
  auto year = number(asctime ? words[4] : words[3]);
  if (!the_month || !day || !time || !year || *year > 9999) return std::nullopt;
  if (*year < 100) *year += *year < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*the_month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Seconds(std::chrono::sys_days(date)) + *time;
}

std::optional<std::int64_t> read_seconds(std::string_view text) {
  constexpr double kMsPerSecond = 1000;
  return scaled(text, kMsPerSecond);
}

std::optional<std::int64_t> read_milliseconds(std::string_view text) {
  return scaled(text, 1);
}

std::optional<std::int64_t> read_wait(const Headers& headers, std::chrono::system_clock::time_point now) {
  if (const auto ms = read_milliseconds(headers.retry_after_ms)) return ms;
  if (const auto ms = read_seconds(headers.retry_after)) return ms;
  const std::optional<Seconds> then = read_http_date(headers.retry_after);
  if (!then) return std::nullopt;
  // In seconds: the nanoseconds of the system clock end in the year 2262.
  const Seconds from = read_http_date(headers.date).value_or(std::chrono::floor<std::chrono::seconds>(now));
  const std::int64_t left = std::chrono::milliseconds(*then - from).count();
  return std::clamp<std::int64_t>(left, 0, static_cast<std::int64_t>(kMostMs));
}

}  // namespace pflow::retry_after
