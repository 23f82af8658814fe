#include "host/loader/descriptor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json_pointer.hpp"
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
constexpr std::string_view kImplements = "implements";
constexpr std::string_view kProvider = "provider";
constexpr std::string_view kModels = "models";
constexpr std::string_view kDefaultModel = "default_model";
constexpr std::string_view kKeys = "keys";
constexpr std::string_view kBaseUrl = "base_url";
constexpr std::string_view kSetting = "setting";
constexpr std::string_view kUsesHttp = "uses_http";
constexpr std::string_view kByNameOnly = "by_name_only";
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

// A member that may be missing, but then not be anything else than a text that says something.
Result<std::string> optional_text(const Value& object, std::string_view name, std::string_view pointer) {
  const Value* v = object.find(name);
  if (v == nullptr) return std::string();
  if (!v->is_string() || v->size() == 0)
    return broken(fmt::format("\"{}\" must be a text that is not empty", name), pointer_to(pointer, name));
  return std::string(v->text());
}

Result<std::vector<std::string>> optional_texts(const Value& object, std::string_view name) {
  std::vector<std::string> texts;
  const Value* v = object.find(name);
  if (v == nullptr) return texts;
  const auto fits = [](const Value& item) { return item.is_string() && item.size() != 0; };
  if (!v->is_array() || !std::all_of(v->items().begin(), v->items().end(), fits))
    return broken(fmt::format("\"{}\" must be an array of texts that are not empty", name), pointer_to("", name));
  for (const Value& item : v->items())
    texts.emplace_back(item.text());
  return texts;
}

// A provider's name stands in front of a model's, with a slash between.
bool is_provider_name(std::string_view name) noexcept {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return c > ' ' && c != 0x7f && c != '/' && c != '$' && c != '"'; });
}

Result<ProviderInfo> read_provider(const Value& descriptor) {
  ProviderInfo info;
  Result<std::string> name = optional_text(descriptor, key::kProvider, "");
  if (!name) return std::move(name).error();
  if (!is_provider_name(*name)) return broken("\"provider\" must be a name without spaces and slashes", "/provider");
  info.name = std::move(name).value();
  Result<std::vector<std::string>> models = optional_texts(descriptor, key::kModels);
  if (!models) return std::move(models).error();
  info.models = std::move(models).value();
  Result<std::string> model = optional_text(descriptor, key::kDefaultModel, "");
  if (!model) return std::move(model).error();
  info.default_model = std::move(model).value();
  Result<std::vector<std::string>> keys = optional_texts(descriptor, key::kKeys);
  if (!keys) return std::move(keys).error();
  info.keys = std::move(keys).value();
  if (const Value* url = descriptor.find(key::kBaseUrl)) {
    if (!url->is_object()) return broken("\"base_url\" must be an object with a \"setting\"", "/base_url");
    Result<std::string> setting = optional_text(*url, key::kSetting, "/base_url");
    if (!setting) return std::move(setting).error();
    info.base_url_setting = std::move(setting).value();
  }
  if (const Value* flag = descriptor.find(key::kByNameOnly)) {
    if (flag->type() != Value::Type::kBool) return broken("\"by_name_only\" must be true or false", "/by_name_only");
    info.by_name_only = flag->as_bool();
  }
  return info;
}

Result<void> read_implements(const Value& descriptor, NodeType& type) {
  const Value* implements = descriptor.find(key::kImplements);
  if (implements == nullptr) return {};
  if (!implements->is_string()) return broken("\"implements\" must be a text", "/implements");
  if (implements->text() != kLlm) return {};  // for a later host
  Result<ProviderInfo> provider = read_provider(descriptor);
  if (!provider) return std::move(provider).error();
  type.provider = std::move(provider).value();
  // What llm does not know belongs into "extra": a workflow that may change its provider is not to be silently altered.
  if (!type.params.empty()) type.closed_params = true;
  return {};
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
  if (Result<void> r = read_implements(*read, type); !r) return std::move(r).error();
  const Value* uses_http = read->find(key::kUsesHttp);
  type.uses_http = (uses_http != nullptr && uses_http->type() == Value::Type::kBool && uses_http->as_bool()) ||
                   (type.provider && !type.provider->base_url_setting.empty());
  return type;
}

}  // namespace pflow::host
