#include <fmt/format.h>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "core/engine/plan.hpp"
#include "host/cli/known_secrets.hpp"
#include "host/cli/session.hpp"
#include "host/cli/usage_error.hpp"

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

std::string describe_text(const ir::Workflow& workflow, Registry& registry) {
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
  for (const ir::Node& node : workflow.nodes) {
    text += fmt::format("  {} ({}){}\n", node.id, node.type, node.purpose.empty() ? "" : ": " + node.purpose);
  }
  text += "\nPlugins:\n";
  std::vector<std::string_view> told;
  for (const ir::Node& node : workflow.nodes) {
    if (std::find(told.begin(), told.end(), node.type) != told.end()) continue;
    told.push_back(node.type);
    const Result<const NodeType*> type = registry.find(node.type);
    text += fmt::format("  {}: {}\n", node.type, type ? (*type)->plugin_path : type.error().message);
  }
  return text;
}

Value describe_value(const ir::Workflow& workflow, Registry& registry) {
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
  for (const ir::Node& node : workflow.nodes) {
    const Result<const NodeType*> type = registry.find(node.type);
    ObjectBuilder m;
    m.add("id", node.id);
    m.add("type", node.type);
    m.add("purpose", node.purpose);
    m.add("plugin", type ? Value::string((*type)->plugin_path) : Value());
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
    const auto plan = make_plan(*workflow, declared_inputs(*workflow), *registry, outcome.errors, outcome.warnings);
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
  for (const Error& w : warnings)
    session.console().warning(w);
  if (session.json()) return session.print(to_json(describe_value(*workflow, *registry)) + "\n");
  return session.show(describe_text(*workflow, *registry));
}

}  // namespace pflow::host
