#include "host/cli/point_in_time.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "core/base/utf8.hpp"
#include "host/cli/usage_error.hpp"

namespace pflow::host {
namespace {

// Takes a text apart from its beginning; what does not fit leaves it failed.
class Scan {
 public:
  explicit Scan(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool skip(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) noexcept { good_ = skip(c) && good_; }

  int digits(std::size_t count) noexcept {
    int n = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!digit_next()) good_ = false;
      if (!good_) return 0;
      n = 10 * n + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return n;
  }

  [[nodiscard]] bool digit_next() const noexcept {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  [[nodiscard]] bool good() const noexcept { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::optional<std::chrono::seconds> time_of_day(Scan& scan) {
  const int hours = scan.digits(2);
  scan.expect(':');
  const int minutes = scan.digits(2);
  int seconds = 0;
  if (scan.skip(':')) {
    seconds = scan.digits(2);
    if (scan.skip('.')) {
      static_cast<void>(scan.digits(1));
      while (scan.digit_next())
        static_cast<void>(scan.digits(1));
    }
  }
  if (!scan.good() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  return std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

std::optional<std::chrono::seconds> offset(Scan& scan) {
  if (scan.skip('Z') || scan.skip('z')) return std::chrono::seconds(0);
  const bool west = scan.skip('-');
  if (!west) scan.expect('+');
  const int hours = scan.digits(2);
  static_cast<void>(scan.skip(':'));
  const int minutes = scan.digits(2);
  if (!scan.good() || hours > 14 || minutes > 59) return std::nullopt;
  const std::chrono::seconds ahead = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return west ? -ahead : ahead;
}

std::optional<SystemTime> read(std::string_view text) {
  Scan scan(text);
  const int year = scan.digits(4);
  scan.expect('-');
  const int month = scan.digits(2);
  scan.expect('-');
  const int day = scan.digits(2);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!scan.good() || !date.ok() || year < 1970 || year > 2199) return std::nullopt;
  std::chrono::sys_seconds at = std::chrono::sys_days(date);
  if (scan.at_end()) return at;
  if (!scan.skip('T') && !scan.skip('t')) scan.expect(' ');
  const auto time = time_of_day(scan);
  if (!time) return std::nullopt;
  const auto ahead = offset(scan);
  if (!ahead || !scan.at_end()) return std::nullopt;
  return at + *time - *ahead;
}

}  // namespace

Result<SystemTime> point_in_time(std::string_view text) {
  if (const auto at = read(text)) return *at;
  return usage_error(fmt::format("\"{}\" is no time", printable(text, 64)),
                     "Write a date such as 2026-10-01, or a time with its zone such as 2026-10-01T12:00:00Z.");
}

}  // namespace pflow::host
