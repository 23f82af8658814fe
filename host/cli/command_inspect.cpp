#include <fmt/format.h>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "core/engine/plan.hpp"
#include "host/cli/environment.hpp"
#include "host/cli/known_secrets.hpp"
#include "host/cli/llm_setup.hpp"
#include "host/cli/prepare.hpp"
#include "host/cli/session.hpp"
#include "host/cli/usage_error.hpp"
#include "host/cli/workflow_files.hpp"
#include "host/loader/descriptor.hpp"

namespace pflow::host {
namespace {

// The names that make a plan possible when nothing was given: the declared inputs.
std::vector<std::string> declared_inputs(const ir::Workflow& workflow) {
  std::vector<std::string> names;
  for (const ir::Input& input : workflow.inputs)
    names.push_back(input.name);
  return names;
}

std::string type_text(const std::optional<ir::DataType>& type) {
  return std::string(type ? ir::data_type_name(*type) : "any");
}

std::string input_text(const ir::Input& input) {
  std::string text = fmt::format("  {} ({}", input.name, type_text(input.type));
  if (input.from_stdin) text += ", from stdin";
  if (input.secret) text += ", secret";
  if (input.default_value) {
    text += fmt::format(", default {}", input.secret ? "is set" : to_json(*input.default_value));
  } else {
    text += input.required ? ", required" : ", optional";
  }
  text += ')';
  if (!input.description.empty()) text += ": " + input.description;
  return text + "\n";
}

// What a node will be, as far as it can be said before a run.
struct Described {
  const NodeType* type = nullptr;
  std::optional<LlmChoice> choice;  // when it is an LLM provider's
  std::string problem;
};

std::vector<Described> resolved(const ir::Workflow& workflow, Registry& registry, LlmProviders& providers) {
  std::vector<Described> all;
  for (const ir::Node& node : workflow.nodes) {
    Described& d = all.emplace_back();
    if (node.type != kLlm) {
      const Result<const NodeType*> type = registry.find(node.type);
      if (type) d.type = *type;
      if (!type) d.problem = type.error().message;
      if (d.type == nullptr || !d.type->provider) continue;
    }
    Result<LlmChoice> choice = providers.choose(node.type, node.params);
    if (choice) {
      d.type = choice->type;
      d.choice = std::move(choice).value();
    } else if (d.problem.empty()) {
      d.problem = choice.error().message;
    }
  }
  return all;
}

// Visits the nodes of nested workflows, as far as they could be planned.
template <typename Visit>
void for_each_nested(const Plan* plan, Visit&& visit) {
  if (plan == nullptr) return;
  for (const PlanNode& node : plan->nodes) {
    if (node.child) node.child->plan->for_each_node(visit);
  }
}

// Each type once, under the name that the document gives it.
std::string plugins_text(const ir::Workflow& workflow, const std::vector<Described>& types, const Plan* plan) {
  std::string text;
  std::vector<std::string> told;
  const auto tell = [&](std::string line) {
    if (std::find(told.begin(), told.end(), line) != told.end()) return;
    text += line;
    told.push_back(std::move(line));
  };
  for (std::size_t i = 0; i < types.size(); ++i) {
    const std::string& written = workflow.nodes[i].type;
    const Described& d = types[i];
    std::string line = d.choice && d.type->name != written ? fmt::format("{} ({})", written, d.type->name) : written;
    const bool built_in = d.type != nullptr && d.type->plugin_path.empty();
    tell(fmt::format("  {}: {}\n", line, built_in ? "built in" : d.type != nullptr ? d.type->plugin_path : d.problem));
  }
  for_each_nested(plan, [&](const PlanNode& node) {
    if (!node.child) tell(fmt::format("  {}: {}\n", node.type->name, node.type->plugin_path));
  });
  return text;
}

std::string providers_text(const ir::Workflow& workflow, const std::vector<Described>& types, const Plan* plan,
                           const LlmDefaults& defaults) {
  std::string text;
  std::vector<std::string_view> keys;
  for_each_nested(plan, [&](const PlanNode& node) {
    if (!node.type->provider) return;
    text += fmt::format("  {}: {}\n", node.id, node.type->provider->name);
    for (const std::string& key : node.type->provider->keys) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.emplace_back(key);
    }
  });
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (!types[i].choice) continue;
    const LlmChoice& choice = *types[i].choice;
    const ProviderInfo& provider = *choice.type->provider;
    text += fmt::format("  {}: {}, {} ({})\n", workflow.nodes[i].id, provider.name,
                        choice.model.empty() ? "a model that is not known yet" : "model " + choice.model,
                        rule_text(choice.rule));
    for (const std::string& key : provider.keys) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.emplace_back(key);
    }
  }
  if (!text.empty()) text = "\nLLM providers:\n" + text;
  if (!keys.empty()) text += "\nKeys:\n";
  for (const std::string_view key : keys) {
    const bool missing = defaults.key(std::string(key)) == KeySource::kMissing;
    text += fmt::format("  {}: {}\n", key, missing ? "not set" : "set");
  }
  return text;
}

std::string describe_text(const ir::Workflow& workflow, const std::vector<Described>& types, const Plan* plan,
                          LlmProviders& providers) {
  std::string text = fmt::format("{}\n", workflow.name.empty() ? workflow.source_name : workflow.name);
  if (!workflow.description.empty()) text += workflow.description + "\n";
  text += "\nInputs:\n";
  if (workflow.inputs.empty()) text += "  none declared\n";
  for (const ir::Input& input : workflow.inputs)
    text += input_text(input);
  text += "\nOutputs:\n";
  if (workflow.outputs.empty()) text += "  none declared: the primary output of the last node\n";
  for (const ir::Output& o : workflow.outputs) {
    text += fmt::format("  {} ({}) = {}{}\n", o.name, type_text(o.type), o.source,
                        o.description.empty() ? "" : ": " + o.description);
  }
  text += "\nNodes:\n";
  for (std::size_t i = 0; i < workflow.nodes.size(); ++i) {
    const ir::Node& node = workflow.nodes[i];
    text += fmt::format("  {} ({}){}", node.id, node.type, node.purpose.empty() ? "" : ": " + node.purpose);
    if (plan != nullptr && plan->nodes[i].child) {
      const PlanChild& child = *plan->nodes[i].child;
      text += fmt::format("\n    runs {}:{}", child.plan->source_name, nested_text(child, 6));
    }
    text += '\n';
  }
  text += "\nPlugins:\n" + plugins_text(workflow, types, plan);
  bool asks = std::any_of(types.begin(), types.end(), [](const Described& d) { return d.choice.has_value(); });
  for_each_nested(plan, [&asks](const PlanNode& node) { asks |= node.type->provider.has_value(); });
  return asks && providers.defaults() ? text + providers_text(workflow, types, plan, *providers.defaults()) : text;
}

// Those of a nested workflow, the ones within them after their own.
Value nested_value(const PlanChild& child) {
  std::vector<Value> nodes;
  child.plan->for_each_node([&nodes](const PlanNode& node) {
    ObjectBuilder m;
    m.add("id", node.id);
    m.add("type", node.type->name);
    m.add("plugin", node.child ? Value() : Value::string(node.type->plugin_path));
    nodes.push_back(m.finish());
  });
  return Value::array(nodes);
}

Value describe_value(const ir::Workflow& workflow, const std::vector<Described>& types, const Plan* plan) {
  std::vector<Value> inputs;
  for (const ir::Input& input : workflow.inputs) {
    ObjectBuilder m;
    m.add("name", input.name);
    m.add("type", type_text(input.type));
    m.add("description", input.description);
    m.add("required", Value::boolean(input.required && !input.default_value));
    m.add("default", input.secret ? Value() : input.default_value.value_or(Value()));
    m.add("stdin", Value::boolean(input.from_stdin));
    m.add("secret", Value::boolean(input.secret));
    inputs.push_back(m.finish());
  }
  std::vector<Value> outputs;
  for (const ir::Output& o : workflow.outputs) {
    ObjectBuilder m;
    m.add("name", o.name);
    m.add("type", type_text(o.type));
    m.add("description", o.description);
    m.add("source", o.source);
    outputs.push_back(m.finish());
  }
  std::vector<Value> nodes;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const ir::Node& node = workflow.nodes[i];
    const Described& d = types[i];
    ObjectBuilder m;
    m.add("id", node.id);
    m.add("type", node.type);
    m.add("purpose", node.purpose);
    const bool has_plugin = d.type != nullptr && !d.type->plugin_path.empty();
    m.add("plugin", has_plugin ? Value::string(d.type->plugin_path) : Value());
    if (d.choice) {
      std::vector<Value> keys;
      for (const std::string& key : d.type->provider->keys)
        keys.push_back(Value::string(key));
      m.add("resolved_type", d.type->name);
      m.add("provider", d.type->provider->name);
      m.add("model", d.choice->model.empty() ? Value() : Value::string(d.choice->model));
      m.add("chosen_by", rule_text(d.choice->rule));
      m.add("keys", Value::array(keys));
    }
    if (plan != nullptr && plan->nodes[i].child) m.add("nested", nested_value(*plan->nodes[i].child));
    nodes.push_back(m.finish());
  }
  ObjectBuilder m;
  m.add("name", workflow.name);
  m.add("description", workflow.description);
  m.add("inputs", Value::array(inputs));
  m.add("outputs", Value::array(outputs));
  m.add("nodes", Value::array(nodes));
  return m.finish();
}

}  // namespace

ExitCode validate_command(Session& session) {
  Outcome outcome;
  if (session.options().words.size() > 1) {
    return session.refuse(
        {usage_error(fmt::format("\"validate\" takes one workflow, not also \"{}\"", session.options().words[1]))}, {});
  }
  const std::optional<ir::Workflow> workflow = session.read_workflow(outcome.errors);
  if (workflow) {
    add_written(*workflow, session.console().redactor());
    const std::unique_ptr<Registry> registry = session.make_registry(nullptr, outcome.warnings);
    LlmSetup setup(session.options(), session.settings());
    LlmProviders providers = setup.providers(*registry, inputs_before_run(*workflow));
    WorkflowFiles files(home_folder(), session.console().redactor());
    const auto plan = make_plan(*workflow, declared_inputs(*workflow), providers, outcome.errors, outcome.warnings,
                                {&files, WorkflowFiles::place_of(session.options().words.front())});
    for (Error& warning : setup.take_warnings())
      outcome.warnings.push_back(std::move(warning));
    for (Error& warning : providers.missing_keys_of_selected())
      outcome.warnings.push_back(std::move(warning));
  }
  const bool valid = outcome.errors.empty();
  const ExitCode code = session.finish_check(std::move(outcome));
  if (valid && !session.json()) session.console().note(fmt::format("{} is valid.", workflow->source_name));
  return code;
}

ExitCode describe_command(Session& session) {
  Problems problems;
  if (session.options().words.size() > 1) {
    problems.push_back(
        usage_error(fmt::format("\"describe\" takes one workflow, not also \"{}\"", session.options().words[1])));
  }
  const std::optional<ir::Workflow> workflow = session.read_workflow(problems);
  if (!problems.empty()) return session.refuse(std::move(problems), {});
  Problems warnings;
  const std::unique_ptr<Registry> registry = session.make_registry(nullptr, warnings);
  LlmSetup setup(session.options(), session.settings());
  LlmProviders providers = setup.providers(*registry, inputs_before_run(*workflow));
  const std::vector<Described> types = resolved(*workflow, *registry, providers);
  for (Error& w : setup.take_warnings())
    warnings.push_back(std::move(w));
  for (const Error& w : warnings)
    session.console().warning(w);
  // What is wrong with it is for `validate` to tell.
  Problems wrong;
  Problems odd;
  WorkflowFiles files(home_folder(), session.console().redactor());
  const auto plan = make_plan(*workflow, declared_inputs(*workflow), providers, wrong, odd,
                              {&files, WorkflowFiles::place_of(session.options().words.front())});
  if (session.json()) return session.print(to_json(describe_value(*workflow, types, plan.get())) + "\n");
  return session.show(describe_text(*workflow, types, plan.get(), providers));
}

}  // namespace pflow::host
