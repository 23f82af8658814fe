#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_write.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/outputs.hpp"
#include "core/engine/plan.hpp"
#include "tests/core/engine/fake_nodes.hpp"
#include "tests/core/engine/nested_workflows.hpp"
#include "tests/core/ir/problem_text.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {

/// One workflow over fake nodes, from its document to what became of it.
class EngineRun {
 public:
  explicit EngineRun(std::string_view document) : workflow_(ir::workflow_of(document)) {
    options.run_id = "run-1";
    options.grace = std::chrono::milliseconds(20'000);
  }

  /// An input's value; the workflow declares it.
  EngineRun& with(std::string name, Value value) {
    inputs_.emplace_back(std::move(name), std::move(value));
    return *this;
  }

  /// Runs, and says how it ended: the status, then the error and the warnings as `ir::text_of` writes them.
  std::string run() {
    Problems errors;
    Problems warnings;
    std::vector<std::string> names;
    for (const ir::Input& input : workflow_.inputs)
      names.push_back(input.name);
    plan_ = make_plan(workflow_, std::move(names), nodes, errors, warnings,
                      {&workflows, {"/flows/flow.json", "flow.json"}});
    if (!plan_ || !instantiate(*plan_, nodes, errors)) return "no plan\n" + ir::text_of(errors);
    return run_again();
  }

  /// One more run of the same plan with a store of its own.
  std::string run_again() {
    store_ = std::make_unique<SharedStore>(plan_->names);
    for (const auto& [name, value] : inputs_)
      store_->set_input(plan_->names.input_index.at(name), value);
    result = Engine(*plan_, control, options).run(*store_);
    std::string out(run_status_name(result.status));
    out += '\n';
    if (result.error) out += ir::text_of({*result.error});
    return out + ir::text_of(result.warnings);
  }

  /// What a node wrote, as JSON; "absent" when it has no such key. An empty id: the root.
  [[nodiscard]] std::string written(std::string_view id, std::string_view key) const {
    const ValueMap& map = id.empty() ? store_->root() : store_->outputs(plan_->names.node_index.at(id));
    const Value* v = map.find(key);
    return v == nullptr ? "absent" : to_json(*v);
  }

  [[nodiscard]] const Plan& plan() const { return *plan_; }

  [[nodiscard]] SharedStore& store() { return *store_; }

  FakeNodes nodes;
  FakeWorkflows workflows;
  RunOptions options;
  RunControl control;
  RunResult result;

 private:
  ir::Workflow workflow_;
  std::vector<std::pair<std::string, Value>> inputs_;
  std::unique_ptr<Plan> plan_;  // after the nodes' types, which it borrows
  std::unique_ptr<SharedStore> store_;
};

/// A run whose calls may outlive their test: it lives until the process ends.
inline EngineRun& lasting_run(std::string_view document) {
  static auto* const kept = new std::vector<std::unique_ptr<EngineRun>>;
  return *kept->emplace_back(std::make_unique<EngineRun>(document));
}

/// Why a run is closed whose budget is used up.
inline Failure too_dear() {
  Failure f;
  f.code = Code::kBudgetExceeded;
  f.kind = FailureKind::kCancelled;
  f.message = "too dear";
  return f;
}

}  // namespace pflow
