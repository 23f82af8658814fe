#include "core/engine/outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/engine/graph.hpp"
#include "core/template/lookup.hpp"

namespace pflow {
namespace {

// The node that the path reads from has not run: a branch that was not taken.
bool was_skipped(const Scope& scope, const Path& path) {
  const Scope::Found found = scope.find(path.head);
  return found.outputs != nullptr && !scope.store().has_run(found.node);
}

std::pair<std::string, Value> primary_of(const Plan& plan, const SharedStore& store, NodeIndex last) {
  const PlanNode& node = plan.nodes[last];
  const ValueMap& written = plan.namespaced ? store.outputs(last) : store.root();
  const OutputSpec* primary = node.primary_output();
  const std::string name(node.store_key(primary != nullptr ? primary->name : std::string_view()));
  if (const Value* v = written.find(name)) return {name, *v};
  if (primary == nullptr && !written.empty()) return written.entries().front();
  return {};
}

// An edge for failures alone leaves success without a way on: the engine ends the run there.
bool may_end_run(const PlanNode& node) {
  return node.next == kNoNode &&
         std::all_of(node.edges.begin(), node.edges.end(), [](const PlanEdge& e) { return e.action == kErrorAction; });
}

}  // namespace

NamedValues collect_outputs(const Plan& plan, SharedStore& store, const RunResult& run, Problems& errors,
                            Problems& warnings, std::optional<std::string_view> only) {
  NamedValues out;
  if (plan.outputs.empty()) {
    if (run.last_node == kNoNode) return out;
    std::pair<std::string, Value> primary = primary_of(plan, store, run.last_node);
    if (!primary.first.empty()) out.push_back(std::move(primary));
    return out;
  }
  // Outputs see what a node without a namespace of its own would see.
  const Scope scope = plan.namespaced ? Scope::root_of(store).narrowed(kReader) : Scope::root_of(store);
  for (const PlanOutput& output : plan.outputs) {
    if (only && output.name != *only) continue;
    Lookup found = look_up(scope, output.path, nullptr);
    if (found.found) {
      out.emplace_back(output.name, std::move(found.value));
      continue;
    }
    Error e;
    e.code = Code::kOutputUnavailable;
    e.where = output.place;
    const bool skipped = was_skipped(scope, output.path);
    if (skipped) {
      e.message = fmt::format("output \"{}\" is null: node \"{}\" did not run", output.name, output.path.head);
    } else {
      e.message = fmt::format("output \"{}\" has no value: {}", output.name, found.problem);
      e.hint = std::move(found.hint);
    }
    if (skipped || plan.on_missing == OnMissing::kKeepText) {
      warnings.push_back(std::move(e));
      out.emplace_back(output.name, Value());
    } else {
      errors.push_back(std::move(e));
    }
  }
  return out;
}

namespace {

enum class Which : std::uint8_t { kAll, kPrimary };

// What the nodes at which a run can end say they write, each name once.
std::vector<std::string_view> last_names(const Plan& plan, Which which) {
  Graph graph(plan.nodes.size());
  for (NodeIndex i = 0; i < plan.nodes.size(); ++i) {
    const PlanNode& node = plan.nodes[i];
    if (node.next != kNoNode) graph.add_edge(i, node.next);
    for (const PlanEdge& e : node.edges)
      graph.add_edge(i, e.target);
  }
  const std::vector<bool> reachable = graph.reachable_from(plan.start);
  std::vector<std::string_view> names;
  std::unordered_set<std::string_view> seen;
  for (NodeIndex i = 0; i < plan.nodes.size(); ++i) {
    const PlanNode& node = plan.nodes[i];
    if (!reachable[i] || !may_end_run(node)) continue;
    if (node.open_outputs()) return {};
    const OutputSpec* primary = node.primary_output();
    for (const OutputSpec& o : node.outputs()) {
      if (which == Which::kPrimary && &o != primary) continue;
      const std::string_view name = node.store_key(o.name);
      if (seen.insert(name).second) names.push_back(name);
    }
  }
  return names;
}

}  // namespace

std::vector<std::string_view> possible_output_names(const Plan& plan) {
  return plan.outputs.empty() ? last_names(plan, Which::kAll) : output_names(plan);
}

std::vector<std::string_view> possible_result_names(const Plan& plan) {
  return plan.outputs.empty() ? last_names(plan, Which::kPrimary) : output_names(plan);
}

std::vector<std::string_view> output_names(const Plan& plan) {
  std::vector<std::string_view> names;
  for (const PlanOutput& o : plan.outputs)
    names.push_back(o.name);
  return names;
}

}  // namespace pflow
