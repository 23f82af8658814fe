#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/plan.hpp"
#include "core/engine/run.hpp"

namespace pflow {

using NamedValues = std::vector<std::pair<std::string, Value>>;

/// What a finished run hands to its user: the declared outputs in their order, or, when none are declared, the primary
/// output of the last node under its own name (nothing when it wrote none). An output of a node that did not run is
/// null with a warning; a path that leads nowhere in a node that ran is an error in strict mode, a warning in
/// permissive. Error: kOutputUnavailable. With `only`, of the declared outputs just the one of this name is looked at.
[[nodiscard]] NamedValues collect_outputs(const Plan& plan, SharedStore& store, const RunResult& run, Problems& errors,
                                          Problems& warnings, std::optional<std::string_view> only = std::nullopt);

/// The names that `collect_outputs` may give, known before the run; empty when it depends on which node is last.
[[nodiscard]] std::vector<std::string_view> output_names(const Plan& plan);

/// The names that a run may end with, each once, known before it: those of declared outputs, or else what the nodes at
/// which a run can end say they write, as the store calls it. Empty when one of them may write anything. The texts
/// belong to the plan.
[[nodiscard]] std::vector<std::string_view> possible_output_names(const Plan& plan);

/// The names that `collect_outputs` may give, known before the run as far as possible: with no outputs declared, those
/// of the primary outputs of the nodes at which a run can end. Empty when one of them may write anything.
[[nodiscard]] std::vector<std::string_view> possible_result_names(const Plan& plan);

}  // namespace pflow
