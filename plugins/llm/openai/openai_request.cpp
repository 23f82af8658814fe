#include <array>
#include <set>

#include "openai_wire.hpp"
#include "refused_feature.hpp"
#include "wrapped_schema.hpp"

namespace pflow::llm::openai {
namespace {

// A name for a schema is asked for, and nobody reads it.
constexpr std::string_view kSchemaName = "answer";
constexpr std::string_view kJsonOnly = "Answer with a JSON value and nothing else.";

json::string text(std::string_view s) {
  return json::string(s.data(), s.size());
}

std::string image_url(const Image& image) {
  if (!image.url.empty()) return image.url;
  std::string url = "data:";
  return url.append(image.media_type).append(";base64,").append(image.base64);
}

bool requires_all(const json::object& part, const json::object& members) {
  const json::value* required = part.if_contains("required");
  const json::array* names = required == nullptr ? nullptr : required->if_array();
  std::set<std::string_view> listed;
  for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
    const json::string* name = (*names)[i].if_string();
    if (name == nullptr || !members.contains(*name)) return false;
    listed.insert(*name);
  }
  return listed.size() == members.size();
}

// In strict mode every part must say what it is, and every object must list all of its members as required and allow no
// others.
bool may_be_strict(const json::value& schema, int depth = 0) {
  constexpr int kMaxDepth = 10;
  constexpr std::array kUnsupported{"oneOf",         "allOf",    "not",        "if", "patternProperties",
                                    "propertyNames", "contains", "prefixItems"};
  const json::object* s = schema.if_object();
  if (s == nullptr || depth > kMaxDepth) return false;
  for (const char* word : kUnsupported) {
    if (s->contains(word)) return false;
  }
  const json::value* type = s->if_contains("type");
  if (type == nullptr && !s->contains("$ref") && !s->contains("anyOf")) return false;
  const json::value* properties = s->if_contains("properties");
  const bool is_object =
      properties != nullptr || (type != nullptr && type->is_string() && type->get_string() == "object");
  if (is_object) {
    const json::value* others = s->if_contains("additionalProperties");
    if (others == nullptr || !others->is_bool() || others->get_bool()) return false;
    const json::object* members = properties == nullptr ? nullptr : properties->if_object();
    if (members == nullptr || !requires_all(*s, *members)) return false;
    for (const json::key_value_pair& member : *members) {
      if (!may_be_strict(member.value(), depth + 1)) return false;
    }
  }
  const json::value* items = s->if_contains("items");
  if (items == nullptr && type != nullptr && type->is_string() && type->get_string() == "array") return false;
  if (items != nullptr && !may_be_strict(*items, depth + 1)) return false;
  for (const char* word : {"$defs", "definitions"}) {
    const json::value* parts = s->if_contains(word);
    if (parts == nullptr || !parts->is_object()) continue;
    for (const json::key_value_pair& part : parts->get_object()) {
      if (!may_be_strict(part.value(), depth + 1)) return false;
    }
  }
  const json::value* any = s->if_contains("anyOf");
  if (any == nullptr || !any->is_array()) return true;
  for (const json::value& one : any->get_array()) {
    if (!may_be_strict(one, depth + 1)) return false;
  }
  return depth > 0;  // not at the root
}

json::object sent_schema(const Question& q) {
  return q.has_refused(kBareSchemaFeature) ? wrapped_schema(*q.schema) : *q.schema;
}

bool is_strict_schema(const Question& q, const json::object& sent) {
  return !q.has_refused(feature::kStrict) && is_object_schema(sent) && may_be_strict(sent);
}

json::object schema_format(const Question& q) {
  json::object sent = sent_schema(q);
  const bool strict = is_strict_schema(q, sent);
  return {{"name", text(kSchemaName)}, {"schema", std::move(sent)}, {"strict", strict}};
}

// The servers insist that JSON is spoken of when JSON mode is asked for: in chats anywhere, in responses in the input.
bool speaks_of_json(std::string_view s) {
  return s.find("JSON") != std::string_view::npos || s.find("json") != std::string_view::npos;
}

bool must_speak_of_json(const Question& q) {
  return q.wants_json && !q.schema && !speaks_of_json(q.prompt);
}

std::string system_text(const Question& q) {
  std::string out(q.system.value_or(""));
  if (!must_speak_of_json(q) || speaks_of_json(out)) return out;
  return out.append(out.empty() ? "" : "\n\n").append(kJsonOnly);
}

json::value stop_value(const std::vector<std::string>& stops) {
  json::array all;
  for (const std::string& stop : stops)
    all.push_back(text(stop));
  return all;
}

json::value chat_content(const Question& q) {
  if (q.images.empty()) return text(q.prompt);
  json::array parts{json::object{{"type", "text"}, {"text", text(q.prompt)}}};
  for (const Image& image : q.images)
    parts.push_back(json::object{{"type", "image_url"}, {"image_url", json::object{{"url", image_url(image)}}}});
  return parts;
}

std::string_view max_tokens_name(const Question& q) {
  if (q.has_refused(feature::kMaxTokens)) return feature::kMaxCompletionTokens;
  if (q.has_refused(feature::kMaxCompletionTokens)) return feature::kMaxTokens;
  return is_own_server(q.base_url) ? feature::kMaxCompletionTokens : feature::kMaxTokens;
}

}  // namespace

bool is_object_schema(const json::object& schema) {
  const json::value* type = schema.if_contains("type");
  return type != nullptr && type->is_string() && type->get_string() == "object" && !schema.contains("anyOf");
}

bool is_strict(const Question& q) {
  return q.schema && is_strict_schema(q, sent_schema(q));
}

json::object chat_body(const Question& q) {
  json::array messages;
  if (const std::string system = system_text(q); !system.empty())
    messages.push_back(json::object{{"role", "system"}, {"content", system}});
  messages.push_back(json::object{{"role", "user"}, {"content", chat_content(q)}});
  json::object body{{"model", q.model}, {"messages", std::move(messages)}};
  if (sends_temperature(q)) body["temperature"] = *q.temperature;
  if (q.max_tokens) body[max_tokens_name(q)] = *q.max_tokens;
  if (!q.stop.empty()) body["stop"] = stop_value(q.stop);
  if (q.schema) {
    body["response_format"] = json::object{{"type", "json_schema"}, {"json_schema", schema_format(q)}};
  } else if (q.wants_json) {
    body["response_format"] = json::object{{"type", "json_object"}};
  }
  if (!q.stream) return body;
  body["stream"] = true;
  if (!q.has_refused(feature::kStreamOptions)) body["stream_options"] = json::object{{"include_usage", true}};
  return body;
}

json::object responses_body(const Question& q) {
  if (!q.stop.empty()) {
    throw sdk::Failure{.status = PFLOW_E_INVALID,
                       .code = "invalid_parameter",
                       .message =
                           "parameter \"stop\": OpenAI's responses know no stop texts; leave it out, or take "
                           "\"api\": \"chat\""};
  }
  json::object body{{"model", q.model}};
  if (q.system && !q.system->empty()) body["instructions"] = text(*q.system);
  json::array input;
  if (must_speak_of_json(q)) input.push_back(json::object{{"role", "developer"}, {"content", text(kJsonOnly)}});
  json::array parts{json::object{{"type", "input_text"}, {"text", text(q.prompt)}}};
  for (const Image& image : q.images)
    parts.push_back(json::object{{"type", "input_image"}, {"image_url", image_url(image)}});
  input.push_back(json::object{{"role", "user"}, {"content", std::move(parts)}});
  body["input"] = std::move(input);
  if (sends_temperature(q)) body["temperature"] = *q.temperature;
  if (q.max_tokens) body["max_output_tokens"] = *q.max_tokens;
  if (q.schema) {
    json::object format = schema_format(q);
    format["type"] = "json_schema";
    body["text"] = json::object{{"format", std::move(format)}};
  } else if (q.wants_json) {
    body["text"] = json::object{{"format", json::object{{"type", "json_object"}}}};
  }
  body["store"] = false;
  if (q.stream) body["stream"] = true;
  return body;
}

}  // namespace pflow::llm::openai
