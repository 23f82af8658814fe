#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/engine/plan.hpp"
#include "tests/core/engine/fake_nodes.hpp"
#include "tests/core/ir/problem_text.hpp"

namespace pflow {

/// Fake types, a document, and the plan or what is wrong with it.
struct Planning {
  Planning() {
    NodeType& shell = nodes.describe("shell");
    shell.params.resize(2);
    shell.params[0].name = "command";
    shell.params[0].types = {ir::DataType::kString};
    shell.params[0].required = true;
    shell.params[0].shell_text = true;
    shell.params[1].name = "env";
    shell.params[1].types = {ir::DataType::kObject};
    shell.outputs = {{"stdout", "string", "", true}, {"exit_code", "integer", "", false}};
    shell.actions = {"non_zero"};
    shell.retry = ir::RetryPolicy{.max_attempts = 7};
  }

  /// All problems: errors, then warnings marked as such.
  std::string make(std::string_view document, std::vector<std::string> undeclared_inputs = {}) {
    workflow = ir::workflow_of(document);
    std::vector<std::string> inputs = std::move(undeclared_inputs);
    for (const ir::Input& input : workflow.inputs)
      inputs.push_back(input.name);
    Problems errors;
    Problems warnings;
    plan = make_plan(workflow, std::move(inputs), nodes, errors, warnings);
    BOOST_TEST((plan == nullptr) == !errors.empty());
    return ir::text_of(errors) + (warnings.empty() ? "" : "warning: " + ir::text_of(warnings));
  }

  FakeNodes nodes;
  ir::Workflow workflow;
  std::unique_ptr<Plan> plan;
};

}  // namespace pflow
