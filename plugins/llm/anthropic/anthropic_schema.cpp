#include "anthropic_schema.hpp"

#include <algorithm>
#include <array>

#include "wrapped_schema.hpp"

namespace pflow::llm::anthropic {
namespace {

constexpr std::string_view kProperties = "properties";
constexpr std::string_view kAdditional = "additionalProperties";

// The models from before output_config.
constexpr std::array<std::string_view, 8> kWithoutFormat{"claude-1",        "claude-2",          "claude-3",
                                                         "claude-instant",  "claude-sonnet-4-0", "claude-sonnet-4-2025",
                                                         "claude-opus-4-0", "claude-opus-4-2025"};

template <class Words>
bool is_of(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

JsonRef type_of(const json::object& schema) {
  const json::value* found = schema.if_contains(kType);
  return found == nullptr ? JsonRef() : JsonRef(*found);
}

bool is_object_schema(const json::object& schema) {
  const JsonRef type = type_of(schema);
  return type.text() == "object" || (!type && schema.contains(kProperties));
}

// What may not stand at the root of a tool's input.
constexpr std::array<std::string_view, 4> kNotAtRoot{"anyOf", "oneOf", "allOf", "$ref"};

bool is_input_schema(const json::object& schema) {
  const auto has = [&](std::string_view word) { return schema.contains(word); };
  return is_object_schema(schema) && std::none_of(kNotAtRoot.begin(), kNotAtRoot.end(), has);
}

constexpr std::array<std::string_view, 9> kRefusedLimits{"minimum",          "maximum",    "exclusiveMinimum",
                                                         "exclusiveMaximum", "multipleOf", "minLength",
                                                         "maxLength",        "maxItems",   "uniqueItems"};

bool is_refused(std::string_view word, const json::value& value) {
  if (word == "minItems") return JsonRef(value).count().value_or(0) > 1;
  return is_of(kRefusedLimits, word);
}

// The words whose values are schemas, several of them, or some by name; everything else is left as it is.
constexpr std::array<std::string_view, 8> kParts{
    "items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else"};
constexpr std::array<std::string_view, 5> kLists{"allOf", "anyOf", "oneOf", "prefixItems", "items"};
constexpr std::array<std::string_view, 4> kMaps{"$defs", "definitions", kProperties, "patternProperties"};

json::value strict_word(std::string_view word, const json::value& value) {
  const json::array* list = value.if_array();
  const json::object* map = value.if_object();
  if (list != nullptr && is_of(kLists, word)) {
    json::array out;
    for (const json::value& one : *list)
      out.push_back(strict_schema(one));
    return out;
  }
  if (map != nullptr && is_of(kMaps, word)) {
    json::object out;
    for (const json::key_value_pair& member : *map)
      out[member.key()] = strict_schema(member.value());
    return out;
  }
  return is_of(kParts, word) ? strict_schema(value) : value;
}

}  // namespace

OutputForm output_form(const Question& question) {
  if (!question.schema) return OutputForm::kText;
  const std::string_view model = question.model;
  const bool old = std::any_of(kWithoutFormat.begin(), kWithoutFormat.end(),
                               [&](std::string_view prefix) { return model.starts_with(prefix); });
  if (!old && !question.has_refused(kFormatFeature)) return OutputForm::kFormat;
  return is_input_schema(*question.schema) ? OutputForm::kTool : OutputForm::kWrappedTool;
}

json::value strict_schema(const json::value& schema) {
  const json::object* part = schema.if_object();
  if (part == nullptr) return schema;
  json::object out;
  for (const json::key_value_pair& word : *part) {
    if (!is_refused(word.key(), word.value())) out[word.key()] = strict_word(word.key(), word.value());
  }
  if (is_object_schema(out) && !out.contains(kAdditional)) out[kAdditional] = false;
  return out;
}

json::object tool_schema(const json::object& schema, OutputForm form) {
  if (form == OutputForm::kWrappedTool) return wrapped_schema(schema);
  json::object inner = schema;
  if (!type_of(inner)) inner[kType] = "object";
  return inner;
}

}  // namespace pflow::llm::anthropic
