#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/nesting.hpp"
#include "core/engine/node_factory.hpp"
#include "core/engine/plan.hpp"
#include "core/ir/workflow.hpp"

namespace pflow {

/// Plans one document, and through `nesting` those that it runs; as make_plan, but for what is known only when all are
/// planned: ids and numbers of nested nodes, and how many calls may be under way.
[[nodiscard]] std::unique_ptr<Plan> build_plan(const ir::Workflow& workflow, std::vector<std::string> input_names,
                                               NodeFactory& factory, Nesting& nesting, Problems& errors,
                                               Problems& warnings);

}  // namespace pflow
