#include "host/cli/known_secrets.hpp"

#include <algorithm>

#include "core/engine/secret_params.hpp"
#include "core/engine/workflow_type.hpp"
#include "core/ir/parse.hpp"
#include "host/cli/environment.hpp"

namespace pflow::host {
namespace {

void add_default(std::string_view input, bool secret, const Value& value, Redactor& redactor) {
  if (secret) return redactor.add(input, value);
  visit_secrets(input, value, [&](std::string_view name, const Value& found) { redactor.add(name, found); });
}

}  // namespace

void add_variables(Redactor& redactor) {
  for_each_variable([&](std::string_view name, std::string_view value) {
    if (value.size() >= Redactor::kShortestNamed && Redactor::is_secret_variable(name)) redactor.add(name, value);
  });
}

void add_written(const ir::Workflow& workflow, Redactor& redactor) {
  const SecretVisitor add = [&](std::string_view name, const Value& value) { redactor.add(name, value); };
  for (const ir::Input& input : workflow.inputs) {
    if (input.default_value) add_default(input.name, input.secret, *input.default_value, redactor);
  }
  for (const ir::Node& node : workflow.nodes) {
    if (node.batch) visit_written_secrets("items", node.batch->items, add);
    if (!node.params.is_object()) continue;
    for (const Member& m : node.params.members())
      visit_written_secrets(m.name(), m.value, add);
    const Value* const inner = node.type == kWorkflowType ? node.params.find(kWorkflowIr) : nullptr;
    if (inner == nullptr) continue;
    Problems problems;  // told when it is planned
    if (const auto nested = ir::parse_workflow(*inner, "", problems)) add_written(*nested, redactor);
  }
}

void add_inputs(const ir::Workflow& workflow, const std::vector<ir::GivenInput>& given,
                const std::vector<ir::BoundInput>& bound, Redactor& redactor) {
  const SecretVisitor add = [&](std::string_view name, const Value& value) { redactor.add(name, value); };
  const auto is_secret = [&](std::string_view name) {
    return std::any_of(workflow.inputs.begin(), workflow.inputs.end(),
                       [&](const ir::Input& input) { return input.secret && input.name == name; });
  };
  // Also what another source outdoes, and what does not fit: it may be quoted.
  for (const ir::GivenInput& g : given) {
    if (is_secret(g.name)) redactor.add(g.name, g.value);
  }
  for (const ir::BoundInput& input : bound) {
    if (input.secret) {
      redactor.add(input.name, input.value);
    } else {
      visit_secrets(input.name, input.value, add);
    }
  }
}

void add_params(const Plan& plan, Redactor& redactor) {
  plan.for_each_node([&redactor](const PlanNode& node) {
    for (const ParamSet::Param& p : node.params.params()) {
      if (p.spec != nullptr && p.spec->secret && p.value.is_constant()) redactor.add(p.spec->name, p.value.constant());
    }
  });
}

}  // namespace pflow::host
