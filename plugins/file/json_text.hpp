#pragma once
#include <string>

#include <pflow/node.hpp>

namespace pflow::file {

/// JSON text of `value` with two spaces a level and a newline at the end; empty containers stay on one line.
[[nodiscard]] std::string indented_json(sdk::Value value, const sdk::Call& call);

}  // namespace pflow::file
