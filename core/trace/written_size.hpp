#pragma once

#include <cstddef>

#include "core/base/value.hpp"

namespace pflow {

/// The number of bytes that `v` takes when it is written, roughly; gives up above `limit`, however often its parts are
/// shared. Adds to `visited` how many values it looked at.
[[nodiscard]] std::size_t written_size(const Value& v, std::size_t limit, std::size_t& visited);

}  // namespace pflow
