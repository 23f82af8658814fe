#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"

namespace pflow::pricing {

/// What is wrong with a price file, usage or response; `where` is a JSON Pointer without its first slash, to be told
/// by whom it was read from.
[[nodiscard]] inline Error complaint(Code code, std::string message, std::string_view where) {
  Error e;
  e.code = code;
  e.message = std::move(message);
  e.where = where;
  return e;
}

/// The same, seen from `step` further out.
[[nodiscard]] inline Error below(Error e, std::string_view step) {
  e.where = e.where.empty() ? std::string(step) : std::string(step) + "/" + e.where;
  return e;
}

}  // namespace pflow::pricing
