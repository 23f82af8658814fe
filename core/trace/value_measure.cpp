#include "core/trace/value_measure.hpp"

#include <cstdint>

namespace pflow {
namespace {

constexpr std::uint32_t kMostCompared = 1'000'000;  // parts

bool equal_within(const Value& a, const Value& b, std::uint32_t& left) noexcept {
  if (a.same_content(b)) return true;
  if (a.type() != b.type() || a.size() != b.size() || left == 0) return false;
  --left;
  if (a.is_array()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!equal_within(a.items()[i], b.items()[i], left)) return false;
    }
    return true;
  }
  if (a.is_object()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const Member& x = a.members()[i];
      const Member& y = b.members()[i];
      if (x.name() != y.name() || !equal_within(x.value, y.value, left)) return false;
    }
    return true;
  }
  return a == b;
}

}  // namespace

std::size_t text_bytes(const Value& v, std::size_t enough) noexcept {
  constexpr std::size_t kScalar = 4;
  constexpr std::size_t kQuotes = 2;
  std::size_t bytes = kQuotes;
  switch (v.type()) {
    case Value::Type::kString:
    case Value::Type::kBytes:
      return bytes + v.size();
    case Value::Type::kArray:
      for (const Value& item : v.items()) {
        if (bytes >= enough) break;
        bytes += 1 + text_bytes(item, enough - bytes);
      }
      return bytes;
    case Value::Type::kObject:
      for (const Member& m : v.members()) {
        if (bytes >= enough) break;
        bytes += kQuotes + kQuotes + m.name().size();
        if (bytes < enough) bytes += text_bytes(m.value, enough - bytes);
      }
      return bytes;
    default:
      return kScalar;
  }
}

bool equal_soon(const Value& a, const Value& b) noexcept {
  std::uint32_t left = kMostCompared;
  return equal_within(a, b, left);
}

}  // namespace pflow
