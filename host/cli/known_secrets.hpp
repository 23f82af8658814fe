#pragma once

#include <vector>

#include "core/base/redactor.hpp"
#include "core/engine/plan.hpp"
#include "core/ir/inputs.hpp"
#include "core/ir/workflow.hpp"

namespace pflow::host {

// What is secret before a run; what its templates bring is told by CallEvents::secret_resolved.

/// Environment variables that are named like secrets.
void add_variables(Redactor& redactor);

/// What a document says itself, whether it can be planned or not: parameters, items of batches and defaults of inputs
/// that are named like secrets, defaults of inputs that are declared secret.
void add_written(const ir::Workflow& workflow, Redactor& redactor);

/// Inputs that are declared secret, all that was given for them, and those that are named like secrets.
void add_inputs(const ir::Workflow& workflow, const std::vector<ir::GivenInput>& given,
                const std::vector<ir::BoundInput>& bound, Redactor& redactor);

/// Parameters that their node types call secret; those that come from elsewhere are known from there.
void add_params(const Plan& plan, Redactor& redactor);

}  // namespace pflow::host
