#include "core/engine/plan.hpp"

#include <algorithm>

#include "core/engine/batch_outputs.hpp"
#include "core/engine/child_run.hpp"
#include "core/engine/namespaced_node.hpp"
#include "core/engine/nesting.hpp"
#include "core/engine/plan_builder.hpp"
#include "core/engine/template_aware_node.hpp"

namespace pflow {

std::string_view PlanNode::store_key(std::string_view output) const noexcept {
  const auto renamed =
      std::find_if(output_mapping.begin(), output_mapping.end(), [&](const auto& m) { return m.first == output; });
  return renamed == output_mapping.end() ? output : std::string_view(renamed->second);
}

const std::vector<OutputSpec>& PlanNode::outputs() const noexcept {
  return batch ? batch_output_specs() : type->outputs;
}

const OutputSpec* PlanNode::output(std::string_view name) const noexcept {
  const std::vector<OutputSpec>& all = outputs();
  const auto found = std::find_if(all.begin(), all.end(), [&](const OutputSpec& o) { return o.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const OutputSpec* PlanNode::primary_output() const noexcept {
  const std::vector<OutputSpec>& all = outputs();
  const auto found = std::find_if(all.begin(), all.end(), [](const OutputSpec& o) { return o.primary; });
  return found == all.end() ? nullptr : &*found;
}

std::size_t Plan::node_count() const noexcept {
  std::size_t count = 0;
  for_each_node([&count](const PlanNode&) { ++count; });
  return count;
}

namespace {

// As many runs of a plan at once as its nodes' types allow.
std::size_t most_walks(const Plan& plan) {
  std::size_t most = kMaxCallsAtOnce;
  plan.for_each_node([&most](const PlanNode& node) {
    if (node.type->max_concurrency == 0) return;
    const std::size_t at_once = node.batch ? node.batch->max_concurrent : 1;
    most = std::min(most, std::max<std::size_t>(node.type->max_concurrency / at_once, 1));
  });
  return most;
}

// What depends on the workflows around a node: its id and number, and how many calls of it may be under way when
// `walks` runs of its workflow are.
void settle(Plan& plan, const std::string& prefix, std::size_t walks, std::uint32_t& next) {
  for (PlanNode& node : plan.nodes) {
    node.id.insert(0, prefix);
    node.number = next++;
    node.lanes = walks;
    if (node.batch) {
      std::size_t most = std::max<std::size_t>(kMaxCallsAtOnce / walks, 1);
      if (node.child) most = std::min(most, std::max<std::size_t>(most_walks(*node.child->plan) / walks, 1));
      node.batch->max_concurrent = static_cast<std::uint32_t>(std::min<std::size_t>(node.batch->max_concurrent, most));
      node.lanes *= node.batch->max_concurrent;
    }
    if (node.child) settle(*node.child->plan, node.id + "/", node.lanes, next);
  }
}

}  // namespace

std::unique_ptr<Plan> make_plan(const ir::Workflow& workflow, std::vector<std::string> input_names,
                                NodeFactory& factory, Problems& errors, Problems& warnings,
                                const PlanSurroundings& surroundings) {
  Nesting nesting(workflow, factory, surroundings);
  std::unique_ptr<Plan> plan = build_plan(workflow, std::move(input_names), factory, nesting, errors, warnings);
  std::uint32_t number = 0;
  if (plan) settle(*plan, "", 1, number);
  return plan;
}

namespace {

// One instance of a node, in its wrappers.
Result<std::unique_ptr<Node>> make_node(const Plan& plan, NodeIndex index, NodeFactory& factory,
                                        OutermostWrapper outermost) {
  const PlanNode& spec = plan.nodes[index];
  std::unique_ptr<Node> node;
  if (spec.child) {
    node = std::make_unique<ChildNode>();
  } else {
    Result<std::unique_ptr<Node>> made = factory.create(*spec.type, spec.params.written());
    if (!made) return made;
    node = std::move(made).value();
  }
  if (!spec.params.is_constant()) {
    node = std::make_unique<TemplateAwareNodeWrapper>(std::move(node), spec.params, plan.on_missing);
  }
  if (plan.namespaced) node = std::make_unique<NamespacedNodeWrapper>(std::move(node), index);
  if (outermost != nullptr) node = outermost(std::move(node));
  return node;
}

}  // namespace

bool instantiate(Plan& plan, NodeFactory& factory, Problems& errors, OutermostWrapper outermost) {
  const std::size_t problems_before = errors.size();
  for (NodeIndex i = 0; i < plan.nodes.size(); ++i) {
    PlanNode& node = plan.nodes[i];
    const std::size_t wanted = node.type->concurrent ? 1 : node.lanes;
    while (node.instances.size() < wanted) {
      Result<std::unique_ptr<Node>> made = make_node(plan, i, factory, outermost);
      if (!made) {
        Error e = std::move(made).error();
        e.where = node.place + "/type";
        e.node_id = node.id;
        errors.push_back(std::move(e));
        break;
      }
      node.instances.push_back(std::move(made).value());
    }
    if (node.child) static_cast<void>(instantiate(*node.child->plan, factory, errors, outermost));
  }
  return errors.size() == problems_before;
}

}  // namespace pflow
