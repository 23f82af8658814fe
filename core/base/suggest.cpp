#include "core/base/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace pflow {
namespace {

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view wrong, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kLongestName = 128;  // the work is quadratic, and nobody mistypes a longer one
  if (wrong.empty() || wrong.size() > kLongestName) return {};
  std::string_view best;
  std::size_t best_distance = static_cast<std::size_t>(-1);
  for (const std::string_view c : candidates) {
    if (c.empty() || c.size() > kLongestName) continue;
    std::size_t d = distance(wrong, c);
    const std::size_t longest = std::max(wrong.size(), c.size());
    const bool begins = std::min(wrong.size(), c.size()) >= 3 && (c.starts_with(wrong) || wrong.starts_with(c));
    if (begins) d = std::min<std::size_t>(d, 1);
    if (d < best_distance && (d <= std::max<std::size_t>(1, longest / 3)) && d < longest) {
      best_distance = d;
      best = c;
    }
  }
  return best;
}

std::string listing(const std::vector<std::string_view>& names, std::size_t limit) {
  if (names.empty()) return "none";
  const std::size_t shown = std::min(names.size(), limit);
  std::string out =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < names.size()) out += fmt::format(", and {} more", names.size() - shown);
  return out;
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& candidates,
                         std::string_view label) {
  const std::string_view near = nearest(wrong, candidates);
  const std::string guess = near.empty() ? "" : fmt::format("Did you mean \"{}\"? ", near);
  return fmt::format("{}{}: {}.", guess, label, listing(candidates));
}

std::string Suggestions::did_you_mean(std::string_view wrong, std::string_view label) {
  comparisons_ += names_.size();
  if (comparisons_ > kMaxComparisons) return fmt::format("{}: {}.", label, listing(names_));
  return pflow::did_you_mean(wrong, names_, label);
}

}  // namespace pflow
