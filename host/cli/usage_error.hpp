#pragma once

#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace pflow::host {

/// A command line that cannot be followed.
[[nodiscard]] inline Error usage_error(std::string message, std::string hint = "") {
  Error e;
  e.code = Code::kUsage;
  e.message = std::move(message);
  e.hint = std::move(hint);
  return e;
}

}  // namespace pflow::host
