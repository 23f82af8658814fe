#pragma once

#include <vector>

#include "core/ir/decode_graph.hpp"
#include "core/ir/decoder.hpp"

namespace pflow::ir {

/// The object "inputs". kNameClash for one that is named like a node.
[[nodiscard]] std::vector<Input> decode_inputs(const Value& object, const Place& place, const NodeNames& nodes,
                                               ProblemReport& report);

/// The object "outputs".
[[nodiscard]] std::vector<Output> decode_outputs(const Value& object, const Place& place, ProblemReport& report);

}  // namespace pflow::ir
