#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/node.hpp"
#include "core/engine/node_factory.hpp"
#include "core/engine/params.hpp"
#include "core/engine/workflow_source.hpp"
#include "core/ir/workflow.hpp"
#include "core/store/shared_store.hpp"

namespace pflow {

struct Plan;

/// Threads that a run has for blocking nodes, so that as many items of a batch may be under way.
inline constexpr std::size_t kMaxWorkers = 128;

/// Calls of one node that may be under way at once, in all batches around it together.
inline constexpr std::size_t kMaxCallsAtOnce = 10'000;

/// What a batch's item is numbered by in its node's parameters, from 0 on.
inline constexpr std::string_view kBatchIndexName = "__index__";

/// How a node is called once for each of several items.
struct PlanBatch {
  ParamSet items;  ///< one parameter, "items", an array
  std::string as;  ///< what an item is called in the node's parameters
  bool parallel = false;
  std::uint32_t written_max_concurrent = 1;
  std::uint32_t max_concurrent = 1;  ///< what comes of both, the type's own limit and what threads there may be
  bool fail_fast = true;
  std::string place;  ///< "flow.json: /nodes/3/batch"
};

/// The workflow that a node of the type `workflow` runs.
struct PlanChild {
  NodeType type;  ///< what stands for it: the child's inputs as parameters, its outputs as outputs
  std::unique_ptr<Plan> plan;
  std::vector<std::pair<std::string, std::string>> output_names;  ///< output of the child -> its name here
};

struct PlanEdge {
  std::string action;
  NodeIndex target = kNoNode;
};

/// A node with everything resolved that can be before a run.
struct PlanNode {
  std::string id;            ///< of a nested workflow's node with the ids around it: "report/fetch"
  std::uint32_t number = 0;  ///< among all nodes of the run, nested ones included
  const NodeType* type = nullptr;
  ParamSet params;
  std::vector<PlanEdge> edges;
  NodeIndex next = kNoNode;  ///< where any action but `error` leads when the document has no edges
  ir::RetryPolicy retry;
  bool retry_is_explicit = false;  ///< written in the document, so it repeats more than what is marked retryable
  std::optional<std::int64_t> timeout_ms;
  std::vector<std::pair<std::string, std::string>> output_mapping;
  std::string place;         ///< "flow.json: /nodes/3"
  std::string params_place;  ///< "flow.json: /nodes/3/params"
  std::optional<PlanBatch> batch;
  std::unique_ptr<PlanChild> child;
  std::size_t lanes = 1;  ///< calls of it that may be under way at once
  /// The wrapped node; empty until `instantiate`. One for each lane when the type lets one call at a time into an
  /// instance.
  std::vector<std::unique_ptr<Node>> instances;

  [[nodiscard]] Node& instance(std::size_t lane) const noexcept { return *instances[instances.size() == 1 ? 0 : lane]; }

  /// What it writes: its type's outputs, or a batch's.
  [[nodiscard]] const std::vector<OutputSpec>& outputs() const noexcept;

  [[nodiscard]] bool open_outputs() const noexcept { return !batch && type->open_outputs; }

  [[nodiscard]] const OutputSpec* output(std::string_view name) const noexcept;
  [[nodiscard]] const OutputSpec* primary_output() const noexcept;  ///< nullptr: describes none

  /// What an output is called in the store. O(output_mapping).
  [[nodiscard]] std::string_view store_key(std::string_view output) const noexcept;
};

struct PlanOutput {
  std::string name;
  Path path;
  std::string place;
};

/// A validated workflow, ready to run. Immutable after `instantiate`; runs share it.
struct Plan {
  std::string source_name;
  std::string workflow_name;
  std::string workflow_dir;
  StoreNames names;
  std::vector<PlanNode> nodes;
  std::vector<PlanOutput> outputs;
  NodeIndex start = 0;
  bool namespaced = true;
  OnMissing on_missing = OnMissing::kFail;
  bool reads_metering = false;  ///< a template or output asks for usage or cost, so that the run has to be measured
  std::optional<std::int64_t> max_duration_ms;
  std::optional<double> max_cost_usd;

  /// Visits this plan's nodes and those of nested plans, each by its number.
  template <typename Visit>
  void for_each_node(Visit&& visit) const {
    for (const PlanNode& node : nodes) {
      visit(node);
      if (node.child) node.child->plan->for_each_node(visit);
    }
  }

  [[nodiscard]] std::size_t node_count() const noexcept;  ///< nested ones included
};

/// Where a document that is planned stands, and where the workflows that it runs come from.
struct PlanSurroundings {
  WorkflowSource* workflows = nullptr;  ///< borrowed; null: only what stands in the document itself
  WorkflowPlace place = {};             ///< of the document; without a path for one that is no file
};

/// Resolves a workflow against what `factory` offers: node types, parameters, edges, every template's first name and
/// what the node it points at says it outputs. All problems at once, each list up to the limit of
/// ProblemList. O(document). The plan borrows node types from the
/// factory. `input_names` are the declared inputs in their order, then any that a run brings undeclared. Nested
/// workflows are read, checked and planned too; their problems name their own documents and, in the hint, the node.
/// Returns nullptr when there are errors. Errors: those of NodeFactory::find, WorkflowSource and ParamSet::compile,
/// kUnknownReference, kNotUpstream, kInvalidValue, kUnsupported, kMissingInput, kUnknownInput, kUnknownOutput,
/// kTooDeep, kTooLarge. Warnings: kUnreachableNode, kUnknownParameter, kUnsafeTemplate; in permissive mode the template
/// errors too.
[[nodiscard]] std::unique_ptr<Plan> make_plan(const ir::Workflow& workflow, std::vector<std::string> input_names,
                                              NodeFactory& factory, Problems& errors, Problems& warnings,
                                              const PlanSurroundings& surroundings = {});

/// Puts one more wrapper around a node that is ready.
using OutermostWrapper = std::unique_ptr<Node> (*)(std::unique_ptr<Node>);

/// Makes the plan's nodes and wraps them: outermost (NamespacedNodeWrapper (TemplateAwareNodeWrapper (node))), each
/// only where it is needed; `outermost` may be null. All problems at once. Errors: those of NodeFactory::create.
[[nodiscard]] bool instantiate(Plan& plan, NodeFactory& factory, Problems& errors,
                               OutermostWrapper outermost = nullptr);

}  // namespace pflow
