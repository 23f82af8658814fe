#include "host/cli/price_options.hpp"

#include <fmt/format.h>

#include <charconv>

#include "host/cli/environment.hpp"
#include "host/files/file_content.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{16} * 1024 * 1024;
constexpr std::chrono::days kOldAge{180};

void add_users_file(PriceBook& prices, Problems& errors) {
  const std::filesystem::path home = home_folder();
  std::error_code ec;
  if (home.empty() || !std::filesystem::exists(home / "pricing.json", ec)) return;
  const std::string path = (home / "pricing.json").string();
  const Result<std::string> text = read_file(path, kMaxFileBytes);
  if (!text) {
    errors.push_back(text.error());
  } else if (Result<void> added = prices.add_file(*text, path); !added) {
    Error e = std::move(added).error();
    e.hint += e.hint.empty() ? "" : " ";
    e.hint += "See docs/cost.md for the format, or remove the file.";
    errors.push_back(std::move(e));
  }
}

// "2026-09-23" of the data itself: well formed.
SystemTime data_day() {
  const std::string_view date = PriceBook::data_date();
  const auto number = [&](std::size_t at, std::size_t size) {
    int n = 0;
    std::from_chars(date.data() + at, date.data() + at + size, n);
    return n;
  };
  return std::chrono::sys_days(std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2));
}

}  // namespace

std::unique_ptr<PriceBook> make_price_book(const Options& options, Problems& errors) {
  auto prices = std::make_unique<PriceBook>();
  add_users_file(*prices, errors);
  for (const std::string& text : options.prices) {
    if (Result<void> added = prices->add_override(text); !added) errors.push_back(std::move(added).error());
  }
  return prices;
}

std::optional<Error> price_data_age_warning(const PriceBook& prices, SystemTime now) {
  if (!prices.was_read() || now - data_day() <= kOldAge) return std::nullopt;
  Error e;
  e.code = Code::kOldPrices;
  e.message = fmt::format("the price data is of {}: prices may have changed since", PriceBook::data_date());
  e.hint = "Give the prices that matter with --price MODEL=IN/OUT or in pricing.json.";
  return e;
}

}  // namespace pflow::host
