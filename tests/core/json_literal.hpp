#pragma once

#include <stdexcept>
#include <string_view>

#include "core/base/json_read.hpp"

namespace pflow {

/// A value written as JSON; throws when the text is none, which fails the test that wrote it.
inline Value json(std::string_view text) {
  Result<Value> v = read_json(text, "literal");
  if (!v) throw std::runtime_error(v.error().message);
  return std::move(v).value();
}

}  // namespace pflow
