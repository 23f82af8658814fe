#include "host/loader/descriptor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json_read.hpp"

namespace pflow::host {
namespace {

namespace key {
constexpr std::string_view kDescription = "description";
constexpr std::string_view kParams = "params";
constexpr std::string_view kProperties = "properties";
constexpr std::string_view kRequired = "required";
constexpr std::string_view kAdditional = "additionalProperties";
constexpr std::string_view kType = "type";
constexpr std::string_view kDefault = "default";
constexpr std::string_view kEnum = "enum";
constexpr std::string_view kMinimum = "minimum";
constexpr std::string_view kMaximum = "maximum";
constexpr std::string_view kSecret = "x-pflow-secret";
constexpr std::string_view kShell = "x-pflow-shell";
constexpr std::string_view kOutputs = "outputs";
constexpr std::string_view kName = "name";
constexpr std::string_view kPrimary = "primary";
constexpr std::string_view kActions = "actions";
constexpr std::string_view kRetry = "retry";
constexpr std::string_view kMaxAttempts = "max_attempts";
constexpr std::string_view kWait = "wait_ms";
constexpr std::string_view kBackoff = "backoff";
constexpr std::string_view kMaxWait = "max_wait_ms";
}  // namespace key

Error broken(std::string message, std::string_view pointer) {
  Error e;
  e.code = Code::kPluginBroken;
  e.message = std::move(message);
  e.where = pointer;
  return e;
}

std::string text_of(const Value& object, std::string_view name) {
  const Value* v = object.find(name);
  return v != nullptr && v->is_string() ? std::string(v->text()) : std::string();
}

bool flag_of(const Value& object, std::string_view name) {
  const Value* v = object.find(name);
  return v != nullptr && v->type() == Value::Type::kBool && v->as_bool();
}

std::optional<double> number_of(const Value& object, std::string_view name) {
  const Value* v = object.find(name);
  return v != nullptr && v->is_number() ? std::optional(v->as_double()) : std::nullopt;
}

Result<void> add_type(const Value& name, ParamSpec& spec) {
  const auto type = name.is_string() ? ir::data_type_from(name.text()) : std::nullopt;
  if (name.is_string() && name.text() == "null") return {};
  if (!type) return broken(fmt::format("parameter \"{}\" has an unknown type", spec.name), "/params/properties");
  spec.types.push_back(*type);
  return {};
}

Result<ParamSpec> read_param(std::string_view name, const Value& schema) {
  ParamSpec spec;
  spec.name = name;
  if (!schema.is_object())
    return broken(fmt::format("parameter \"{}\" is not described by an object", name), "/params/properties");
  spec.description = text_of(schema, key::kDescription);
  spec.secret = flag_of(schema, key::kSecret);
  spec.shell_text = flag_of(schema, key::kShell);
  if (const Value* type = schema.find(key::kType)) {
    const auto types = type->is_array() ? type->items() : std::span<const Value>(type, 1);
    for (const Value& t : types) {
      if (Result<void> r = add_type(t, spec); !r) return std::move(r).error();
    }
  }
  if (const Value* v = schema.find(key::kDefault)) spec.default_value = *v;
  if (const Value* v = schema.find(key::kEnum); v != nullptr && v->is_array()) {
    spec.allowed.assign(v->items().begin(), v->items().end());
  }
  spec.minimum = number_of(schema, key::kMinimum);
  spec.maximum = number_of(schema, key::kMaximum);
  return spec;
}

Result<void> read_params(const Value& params, NodeType& type) {
  if (!params.is_object()) return broken("\"params\" must be a JSON Schema object", "/params");
  if (const Value* more = params.find(key::kAdditional)) {
    type.closed_params = more->type() == Value::Type::kBool && !more->as_bool();
  }
  const Value* properties = params.find(key::kProperties);
  if (properties == nullptr) return {};
  if (!properties->is_object()) return broken("\"properties\" must be an object", "/params/properties");
  for (const Member& m : properties->members()) {
    Result<ParamSpec> spec = read_param(m.name(), m.value);
    if (!spec) return std::move(spec).error();
    type.params.push_back(std::move(spec).value());
  }
  const Value* required = params.find(key::kRequired);
  if (required == nullptr) return {};
  if (!required->is_array()) return broken("\"required\" must be an array of names", "/params/required");
  for (const Value& name : required->items()) {
    const auto it = std::find_if(type.params.begin(), type.params.end(),
                                 [&](const ParamSpec& p) { return name.is_string() && p.name == name.text(); });
    if (it == type.params.end())
      return broken("\"required\" names a parameter that is not described", "/params/required");
    it->required = true;
  }
  return {};
}

Result<void> read_outputs(const Value& outputs, NodeType& type) {
  if (!outputs.is_array()) return broken("\"outputs\" must be an array", "/outputs");
  for (const Value& o : outputs.items()) {
    OutputSpec spec{text_of(o, key::kName), text_of(o, key::kType), text_of(o, key::kDescription),
                    flag_of(o, key::kPrimary)};
    if (spec.name.empty() || spec.name.starts_with("__")) return broken("an output has no usable \"name\"", "/outputs");
    if (spec.type.empty()) spec.type = "any";
    type.outputs.push_back(std::move(spec));
  }
  return {};
}

ir::RetryPolicy read_retry(const Value& retry) {
  ir::RetryPolicy policy;
  policy.max_attempts =
      static_cast<std::uint32_t>(std::clamp(number_of(retry, key::kMaxAttempts).value_or(1), 1.0, 100.0));
  const auto milliseconds = [&](std::string_view name, std::int64_t otherwise) {
    return static_cast<std::int64_t>(
        std::clamp(number_of(retry, name).value_or(static_cast<double>(otherwise)), 0.0, 3'600'000.0));
  };
  policy.wait_ms = milliseconds(key::kWait, policy.wait_ms);
  policy.max_wait_ms = milliseconds(key::kMaxWait, policy.max_wait_ms);
  policy.backoff = std::clamp(number_of(retry, key::kBackoff).value_or(policy.backoff), 1.0, 10.0);
  return policy;
}

}  // namespace

Result<NodeType> read_descriptor(std::string_view json_text) {
  if (json_text.size() > kMaxDescriptorBytes) {
    return broken(
        fmt::format("the descriptor has {} bytes; at most {} are read", json_text.size(), kMaxDescriptorBytes), "");
  }
  Result<Value> read = read_json(json_text, "descriptor");
  if (!read)
    return broken(fmt::format("the descriptor is not valid JSON: {}", read.error().message), read.error().where);
  if (!read->is_object()) return broken("the descriptor is not a JSON object", "");
  NodeType type;
  type.descriptor = *read;
  type.description = text_of(*read, key::kDescription);
  if (const Value* params = read->find(key::kParams)) {
    if (Result<void> r = read_params(*params, type); !r) return std::move(r).error();
  }
  if (const Value* outputs = read->find(key::kOutputs)) {
    if (Result<void> r = read_outputs(*outputs, type); !r) return std::move(r).error();
  } else {
    type.open_outputs = true;
  }
  if (const Value* actions = read->find(key::kActions); actions != nullptr && actions->is_array()) {
    for (const Value& a : actions->items()) {
      if (a.is_string()) type.actions.emplace_back(a.text());
      if (a.is_object()) type.actions.push_back(text_of(a, key::kName));
    }
  }
  if (const Value* retry = read->find(key::kRetry); retry != nullptr && retry->is_object())
    type.retry = read_retry(*retry);
  return type;
}

}  // namespace pflow::host
