#pragma once

#include <cstddef>

#include "core/base/value.hpp"

namespace pflow {

/// About how many bytes of JSON `v` takes, as far as that matters: at least `enough`, or the lower number. O(enough).
[[nodiscard]] std::size_t text_bytes(const Value& v, std::size_t enough) noexcept;

/// Deep equality that gives up, with "no", on values that would take long to compare: they share parts, so a small one
/// may be endless when walked.
[[nodiscard]] bool equal_soon(const Value& a, const Value& b) noexcept;

}  // namespace pflow
