#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/value.hpp"

namespace pflow::trace {

/// More steps than any place of a trace is deep.
inline constexpr std::size_t kMaxPointerSteps = 640;

/// The steps of a JSON Pointer, unescaped (RFC 6901). Nothing: it is none, or has more than kMaxPointerSteps.
[[nodiscard]] std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer);

/// A step that counts in an array: digits without a zero in front.
[[nodiscard]] std::optional<std::size_t> array_index(std::string_view step) noexcept;

/// What is one step below `v`, in the value as it is: no reference is followed. nullptr: nothing.
[[nodiscard]] const Value* child(const Value& v, std::string_view step);

}  // namespace pflow::trace
