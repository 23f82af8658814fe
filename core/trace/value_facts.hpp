#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/value.hpp"

/// Members of an object that may be absent or of any type, as files from elsewhere have them.
namespace pflow::trace {

[[nodiscard]] inline std::string_view text_in(const Value& object, std::string_view name) noexcept {
  const Value* v = object.find(name);
  return v != nullptr && v->is_string() ? v->text() : std::string_view();
}

[[nodiscard]] inline std::optional<double> number_in(const Value& object, std::string_view name) noexcept {
  const Value* v = object.find(name);
  return v != nullptr && v->is_number() ? std::optional<double>(v->as_double()) : std::nullopt;
}

/// A whole number that is not negative; 12.0 is one.
[[nodiscard]] inline std::optional<std::uint64_t> count_in(const Value& object, std::string_view name) noexcept {
  const Value* v = object.find(name);
  if (v == nullptr) return std::nullopt;
  if (v->type() == Value::Type::kUint) return v->as_uint();
  if (v->type() == Value::Type::kInt && v->as_int() >= 0) return static_cast<std::uint64_t>(v->as_int());
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (v->type() != Value::Type::kFloat || v->as_float() < 0 || v->as_float() > kExact) return std::nullopt;
  if (std::floor(v->as_float()) != v->as_float()) return std::nullopt;
  return static_cast<std::uint64_t>(v->as_float());
}

[[nodiscard]] inline bool flag_in(const Value& object, std::string_view name) noexcept {
  const Value* v = object.find(name);
  return v != nullptr && v->type() == Value::Type::kBool && v->as_bool();
}

}  // namespace pflow::trace
