#include <fmt/format.h>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "host/cli/llm_setup.hpp"
#include "host/cli/session.hpp"
#include "host/cli/usage_error.hpp"
#include "host/loader/descriptor.hpp"

namespace pflow::host {
namespace {

std::string types_text(const ParamSpec& p) {
  if (p.types.empty()) return "any";
  std::string out;
  for (const ir::DataType t : p.types)
    out += (out.empty() ? "" : "|") + std::string(ir::data_type_name(t));
  return out;
}

std::string param_text(const ParamSpec& p) {
  std::string facts = types_text(p);
  if (p.required) facts += ", required";
  if (p.secret) facts += ", secret";
  if (p.default_value) facts += ", default " + to_json(*p.default_value);
  if (p.minimum) facts += fmt::format(", at least {}", *p.minimum);
  if (p.maximum) facts += fmt::format(", at most {}", *p.maximum);
  if (!p.allowed.empty()) {
    facts += ", one of";
    for (const Value& v : p.allowed)
      facts += " " + to_json(v);
  }
  return fmt::format("  {} ({}){}\n", p.name, facts, p.description.empty() ? "" : ": " + p.description);
}

std::string node_text(const NodeType& type) {
  const bool built_in = type.plugin_path.empty();
  std::string text =
      fmt::format("{} {}\n{}\n\nParameters:\n", type.name, built_in ? PFLOW_VERSION : type.version, type.description);
  for (const ParamSpec& p : type.params)
    text += param_text(p);
  if (type.params.empty()) text += "  none\n";
  text += "\nOutputs:\n";
  for (const OutputSpec& o : type.outputs) {
    text += fmt::format("  {} ({}{}){}\n", o.name, o.type, o.primary ? ", primary" : "",
                        o.description.empty() ? "" : ": " + o.description);
  }
  if (type.open_outputs) text += built_in ? "  those of the workflow\n" : "  any: the plugin does not say which\n";
  if (!type.open_outputs && type.outputs.empty()) text += "  none\n";
  text += "\nActions:\n  default\n  error\n";
  for (const std::string& a : type.actions) {
    if (a != kDefaultAction && a != kErrorAction) text += fmt::format("  {}\n", a);
  }
  const Value* examples = type.descriptor.find("examples");
  if (examples != nullptr && examples->is_array() && examples->size() != 0) {
    text += "\nExamples:\n";
    for (const Value& example : examples->items()) {
      const Value* what = example.find("description");
      const Value* params = example.find("params");
      text += fmt::format("  {}: {}\n", what != nullptr && what->is_string() ? what->text() : "",
                          params != nullptr ? to_json(*params) : "{}");
    }
  }
  return text + fmt::format("\nPlugin:\n  {}\n", built_in ? "none: built in" : type.plugin_path);
}

Value node_value(const NodeType& type) {
  ObjectBuilder m;
  m.add("name", type.name);
  m.add("version", type.version);
  m.add("plugin", type.plugin_path);
  m.add("descriptor", type.descriptor);
  return m.finish();
}

std::string record_text(const PluginRecord& r) {
  std::string text = fmt::format("{} {}\n  place: {}\n", r.error ? "refused" : "usable ", r.path.string(), r.origin);
  if (r.error) {
    text += fmt::format("  why: {}\n", r.error->message);
    if (!r.error->hint.empty()) text += fmt::format("  mend: {}\n", r.error->hint);
    return text;
  }
  text += fmt::format("  plugin: {} {}, built for ABI {}.{}\n", r.id, r.version, PFLOW_ABI_MAJOR, r.abi_minor);
  text += "  node types:";
  for (const OfferedType& t : r.types)
    text += " " + t.name;
  text += '\n';
  for (const std::string& s : r.shadowed)
    text += fmt::format("  shadowed: {} (another plugin offers it too)\n", s);
  for (const std::string& n : r.notes)
    text += fmt::format("  note: {}\n", n);
  return text;
}

Value record_value(const PluginRecord& r) {
  ObjectBuilder m;
  m.add("path", r.path.string());
  m.add("place", r.origin);
  m.add("usable", Value::boolean(!r.error));
  m.add("id", r.error ? Value() : Value::string(r.id));
  m.add("version", r.error ? Value() : Value::string(r.version));
  std::vector<Value> types;
  for (const OfferedType& t : r.types)
    types.push_back(Value::string(t.name));
  m.add("node_types", Value::array(types));
  m.add("shadowed", array_of_texts(r.shadowed));
  m.add("notes", array_of_texts(r.notes));
  m.add("code", r.error ? Value::string(code_name(r.error->code)) : Value());
  m.add("why", r.error ? Value::string(r.error->message) : Value());
  m.add("mend", r.error ? Value::string(r.error->hint) : Value());
  return m.finish();
}

Value list_document(std::string_view name, std::vector<Value> list) {
  ObjectBuilder m;
  m.add(name, Value::array(list));
  return m.finish();
}

std::unique_ptr<Registry> registry_of(Session& session) {
  Problems warnings;
  std::unique_ptr<Registry> registry = session.make_registry(nullptr, warnings);
  for (const Error& w : warnings)
    session.console().warning(w);
  return registry;
}

// What a node of type llm that says nothing more would be.
Result<const NodeType*> default_provider(Session& session, Registry& registry) {
  LlmSetup setup(session.options(), session.settings());
  const Result<LlmChoice> choice = setup.providers(registry, {}).choose(kLlm, Value());
  for (const Error& w : setup.take_warnings())
    session.console().warning(w);
  if (!choice) return choice.error();
  return choice->type;
}

}  // namespace

ExitCode nodes_command(Session& session) {
  const auto& words = session.options().words;
  if (words.size() > 1) return session.refuse({usage_error("\"nodes\" takes one name at most")}, {});
  const std::unique_ptr<Registry> registry = registry_of(session);
  if (words.size() == 1) {
    const Result<const NodeType*> type =
        words.front() == kLlm ? default_provider(session, *registry) : registry->find(words.front());
    if (!type) return session.refuse({type.error()}, {});
    if (session.json()) return session.print(to_json(node_value(**type)) + "\n");
    return session.show(node_text(**type));
  }
  std::string text;
  std::vector<Value> list;
  for (const std::string_view name : registry->type_names()) {
    const Result<const NodeType*> type = registry->find(name);
    if (!type) {
      session.console().warning(type.error());
      continue;
    }
    text += fmt::format("{:<20} {}\n", name, (*type)->description);
    list.push_back(node_value(**type));
  }
  if (list.size() == 1 && !session.json())  // the host's own
    session.console().note("No node types: no plugin was found. See pflow-host plugins.");
  if (session.json()) return session.print(to_json(list_document("nodes", std::move(list))) + "\n");
  return session.show(text);
}

ExitCode plugins_command(Session& session) {
  if (!session.options().words.empty()) return session.refuse({usage_error("\"plugins\" takes no further words")}, {});
  const std::unique_ptr<Registry> registry = registry_of(session);
  std::string text;
  std::vector<Value> list;
  for (const PluginRecord& r : registry->plugins()) {
    text += record_text(r);
    list.push_back(record_value(r));
  }
  if (text.empty() && !session.json()) {
    session.console().note("No plugins. Looked in:");
    for (const PluginPlace& p : registry->places())
      session.console().note(fmt::format("  {} ({})", p.path.string(), p.origin));
  }
  if (session.json()) return session.print(to_json(list_document("plugins", std::move(list))) + "\n");
  return session.show(text);
}

}  // namespace pflow::host
