#pragma once

#include "core/ir/decoder.hpp"

namespace pflow::ir {

/// One element of "nodes". What is wrong is reported; the node holds the rest.
[[nodiscard]] Node decode_node(const Value& value, Place& place, ProblemReport& report);

}  // namespace pflow::ir
