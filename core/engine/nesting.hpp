#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/problem_list.hpp"
#include "core/engine/node_factory.hpp"
#include "core/engine/plan.hpp"
#include "core/ir/workflow.hpp"

namespace pflow {

/// What the planning of one document knows of the workflows within it: finds, reads and plans them, down to the last.
class Nesting {
 public:
  /// All borrowed.
  Nesting(const ir::Workflow& workflow, NodeFactory& factory, const PlanSurroundings& surroundings);

  /// Plans the workflow that the node `spec` runs and fills in `node`: its type, parameters and child. False: it
  /// cannot be; `errors` say why, unless they, or those of another document, said so before.
  [[nodiscard]] bool add_child(const ir::Node& spec, PlanNode& node, ProblemList& errors, ProblemList& warnings);

  /// Counts a document's nodes. False: there are too many in all.
  [[nodiscard]] bool count(std::size_t nodes) noexcept {
    nodes_ += nodes;
    return !too_many();
  }

  /// It was told, and nothing further is planned.
  [[nodiscard]] bool too_many() const noexcept { return nodes_ > ir::kMaxNodes; }

 private:
  struct Found {
    std::shared_ptr<const ir::Workflow> workflow;  // shared with `read_`; null when it could not be read
    WorkflowPlace place;
  };

  // One node that runs a workflow, and where its problems go.
  struct Site {
    const ir::Node& spec;
    PlanNode& node;
    ProblemList& errors;
    ProblemList& warnings;
    std::string place = {};  // of its parameters

    void fail(Code code, std::string_view param, std::string message, std::string hint);
  };

  [[nodiscard]] std::optional<Found> find(Site& site);
  [[nodiscard]] std::optional<Found> find_file(Site& site, std::string_view param);
  [[nodiscard]] bool check_depth(Site& site, const Value& max_depth);
  [[nodiscard]] std::string chain_text(std::string_view last) const;
  void forward(Problems problems, const Site& site, std::string_view document, ProblemList& to);
  [[nodiscard]] bool plan_child(Site& site, const Found& found);
  [[nodiscard]] static std::vector<std::string> check_inputs(Site& site, const ir::Workflow& child, PlanChild& made,
                                                             Value& mapping);
  [[nodiscard]] static bool add_outputs(Site& site, const ir::Workflow& child, PlanChild& made);

  NodeFactory& factory_;
  WorkflowSource* source_;
  std::vector<WorkflowPlace> chain_;  // from the run's own document to the one that is being planned
  std::unordered_map<std::string, std::shared_ptr<const ir::Workflow>> read_;
  std::unordered_map<std::string, std::size_t> told_;  // problem of a nested document -> how far up it has come
  std::size_t nodes_ = 0;
};

}  // namespace pflow
