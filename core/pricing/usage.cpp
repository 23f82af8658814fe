#include "core/pricing/usage.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/object_builder.hpp"

namespace pflow {
namespace {

constexpr double kMaxWhole = 9'007'199'254'740'992.0;  // 2^53: above it a double skips whole numbers

template <typename Entries>
auto entry_of(Entries& entries, std::string_view unit) {
  return std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == unit; });
}

}  // namespace

void Usage::set(std::string_view unit, double count) {
  const auto it = entry_of(entries_, unit);
  if (it != entries_.end()) {
    it->second = count;
  } else {
    entries_.emplace_back(unit, count);
  }
}

void Usage::add(std::string_view unit, double count) {
  const auto it = entry_of(entries_, unit);
  if (it != entries_.end()) {
    it->second += count;
  } else {
    entries_.emplace_back(unit, count);
  }
}

const double* Usage::find(std::string_view unit) const noexcept {
  const auto it = entry_of(entries_, unit);
  return it == entries_.end() ? nullptr : &it->second;
}

std::int64_t Usage::count(std::string_view unit) const noexcept {
  const double* n = find(unit);
  if (n == nullptr || std::isnan(*n)) return 0;
  return static_cast<std::int64_t>(std::clamp(std::round(*n), -kMaxWhole, kMaxWhole));
}

Value usage_value(const Usage& usage) {
  ObjectBuilder o;
  for (const auto& [unit, count] : usage.entries()) {
    const bool whole = std::trunc(count) == count && std::abs(count) <= kMaxWhole;
    o.add(unit, whole ? Value::integer(static_cast<std::int64_t>(count)) : Value::number(count));
  }
  return o.finish();
}

ExclusiveTokens exclusive_tokens(std::int64_t input, std::int64_t cache_creation, std::int64_t cache_read,
                                 std::int64_t output) noexcept {
  // One after the other, so that no sum of two counts can overflow.
  std::int64_t rest = std::max<std::int64_t>(input, 0);
  for (const std::int64_t part : {cache_creation, cache_read})
    rest -= std::min(std::max<std::int64_t>(part, 0), rest);
  return {rest, cache_creation, cache_read, output};
}

}  // namespace pflow
