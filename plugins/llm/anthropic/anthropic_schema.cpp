#include "anthropic_schema.hpp"

#include <algorithm>
#include <array>

namespace pflow::llm::anthropic {
namespace {

constexpr std::string_view kType = "type";
constexpr std::string_view kProperties = "properties";
constexpr std::string_view kAdditional = "additionalProperties";

// The models from before output_config.
constexpr std::array<std::string_view, 8> kWithoutFormat{"claude-1",        "claude-2",          "claude-3",
                                                         "claude-instant",  "claude-sonnet-4-0", "claude-sonnet-4-2025",
                                                         "claude-opus-4-0", "claude-opus-4-2025"};

bool is_object_schema(const json::object& schema) {
  const JsonRef type = [&] {
    const json::value* found = schema.if_contains(kType);
    return found == nullptr ? JsonRef() : JsonRef(*found);
  }();
  return type.text() == "object" || (!type && schema.contains(kProperties));
}

}  // namespace

OutputForm output_form(const Question& question) {
  if (!question.schema) return OutputForm::kText;
  const std::string_view model = question.model;
  const bool old = std::any_of(kWithoutFormat.begin(), kWithoutFormat.end(),
                               [&](std::string_view prefix) { return model.starts_with(prefix); });
  if (!old && !question.has_refused(kFormatFeature)) return OutputForm::kFormat;
  return is_object_schema(*question.schema) ? OutputForm::kTool : OutputForm::kWrappedTool;
}

json::value strict_schema(const json::value& schema) {
  if (const json::array* array = schema.if_array()) {
    json::array out;
    for (const json::value& item : *array)
      out.push_back(strict_schema(item));
    return out;
  }
  const json::object* object = schema.if_object();
  if (object == nullptr) return schema;
  json::object out;
  for (const json::key_value_pair& member : *object) {
    const bool data = member.key() == "enum" || member.key() == "const" || member.key() == "default";
    out[member.key()] = data ? member.value() : strict_schema(member.value());
  }
  if (is_object_schema(out) && !out.contains(kAdditional)) out[kAdditional] = false;
  return out;
}

json::object tool_schema(const json::object& schema, OutputForm form) {
  if (form != OutputForm::kWrappedTool) return schema;
  json::object inner = schema;
  json::object outer{{kType, "object"}};
  for (const std::string_view definitions : {"$defs", "definitions"}) {  // where "#/$defs/..." finds them
    if (const json::value* found = inner.if_contains(definitions)) {
      outer[definitions] = *found;
      inner.erase(definitions);
    }
  }
  outer[kProperties] = json::object{{kWrapper, std::move(inner)}};
  outer["required"] = json::array{kWrapper};
  return outer;
}

}  // namespace pflow::llm::anthropic
