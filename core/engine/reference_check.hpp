#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/problem_list.hpp"
#include "core/base/suggest.hpp"
#include "core/engine/graph.hpp"
#include "core/engine/plan.hpp"
#include "core/ir/workflow.hpp"

namespace pflow {

/// Checks every template of a plan before it runs: does its first name exist, can that node have run by then, does it
/// say that it outputs this, and can the rest of the path lead anywhere?
class ReferenceCheck {
 public:
  /// All borrowed for the check's life.
  ReferenceCheck(const ir::Workflow& workflow, const Plan& plan, const Graph& graph,
                 const std::vector<bool>& reachable);

  /// What a reference may name besides inputs and nodes.
  enum class Names : std::uint8_t {
    kOfNode,
    kOfCall,  ///< an item of the node's batch too
  };

  /// One reference of node `user` (kNoNode: of the workflow's outputs).
  void check(const Path& path, NodeIndex user, const std::string& place, Names extra = Names::kOfNode);

  /// What was found, after all references were checked; no more than ProblemList::kMaxProblems and one.
  [[nodiscard]] Problems finish();

 private:
  struct Order {
    NodeIndex source;
    NodeIndex user;
    std::string text;
    std::string place;
  };

  void check_input(const Path& path, const ir::Input& input, const std::string& place);
  void check_node(const Path& path, NodeIndex source, NodeIndex user, const std::string& place);
  void check_output(const Path& path, const PlanNode& node, const std::string& place);

  struct RootKeys {
    RootKeys() : open(false) {}  // clang 14 does not see an initialiser here before the outer class ends

    bool open;  // a node may write any name
    std::unordered_set<std::string_view> names;
    Suggestions suggestions;
  };

  [[nodiscard]] bool full() const noexcept { return problems_.size() > ProblemList::kMaxProblems; }

  [[nodiscard]] RootKeys& root_keys();
  [[nodiscard]] Suggestions& first_names();
  void check_root_key(const Path& path, const std::string& place);
  void check_steps(const Path& path, std::size_t first, std::string_view type, const std::string& what,
                   const std::string& place);
  void unknown_name(const Path& path, NodeIndex user, const std::string& place);
  void add(Code code, const Path& path, std::string problem, std::string hint, const std::string& place);

  const ir::Workflow& workflow_;
  const Plan& plan_;
  const Graph& graph_;
  const std::vector<bool>& reachable_;
  std::vector<Order> orders_;
  Problems problems_;
  std::optional<RootKeys> root_keys_;       // made when first needed
  std::optional<Suggestions> first_names_;  // made when first needed
};

}  // namespace pflow
