#include "gemini_wire.hpp"

#include <array>
#include <string>
#include <utility>

#include "gemini_reader.hpp"
#include "gemini_schema.hpp"
#include "llm_error.hpp"

namespace pflow::llm::gemini {
namespace {

constexpr std::string_view kText = "text";
constexpr std::string_view kParts = "parts";
constexpr std::string_view kJsonSchema = "responseJsonSchema";
constexpr std::string_view kInvalidKey = "API_KEY_INVALID";

constexpr ProviderFacts kFacts{
    .provider = "gemini",
    .title = "Gemini",
    .key_setting = "GEMINI_API_KEY",
    .base_url_setting = "GEMINI_BASE_URL",
    .default_base_url = "https://generativelanguage.googleapis.com",
    .default_model = "gemini-3.5-flash",
    .models_json = R"(["gemini-*", "models/gemini-*"])",
};

void append_escaped(std::string& to, std::string_view segment) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~";
  for (const char c : segment) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      to += c;
    } else {
      to += '%';
      to += kHex[byte >> 4U];
      to += kHex[byte & 15U];
    }
  }
}

// The server wants to know what the URL of an image leads to; the name's ending tells, if anything does.
std::string_view type_by_name(std::string_view url) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEndings{{{".png", "image/png"},
                                                                                   {".jpg", "image/jpeg"},
                                                                                   {".jpeg", "image/jpeg"},
                                                                                   {".gif", "image/gif"},
                                                                                   {".webp", "image/webp"}}};
  const std::string_view path = url.substr(0, url.find_first_of("?#"));
  for (const auto& [ending, type] : kEndings) {
    if (path.ends_with(ending)) return type;
  }
  return {};
}

json::object image_part(const Image& image) {
  if (image.url.empty()) {
    return {{"inlineData", json::object{{"mimeType", image.media_type}, {"data", image.base64}}}};
  }
  json::object file{{"fileUri", image.url}};
  if (const std::string_view type = type_by_name(image.url); !type.empty()) file["mimeType"] = type;
  return {{"fileData", std::move(file)}};
}

json::array text_parts(std::string_view text) {
  return json::array{json::object{{kText, text}}};
}

bool knows_json_schema(const Question& question) {
  constexpr std::array<std::string_view, 5> kOld{"gemini-1.", "gemini-2.0", "gemini-pro", "gemini-flash-1.", "gemma"};
  std::string_view model = question.model;
  if (model.starts_with("models/")) model.remove_prefix(std::string_view("models/").size());
  for (const std::string_view prefix : kOld) {
    if (model.starts_with(prefix)) return false;
  }
  return !question.has_refused(kJsonSchema);
}

json::object generation_config(const Question& question) {
  json::object config;
  if (question.temperature) config["temperature"] = *question.temperature;
  if (question.max_tokens) config["maxOutputTokens"] = *question.max_tokens;
  if (!question.stop.empty()) config["stopSequences"] = json::array(question.stop.begin(), question.stop.end());
  if (question.wants_json) config["responseMimeType"] = "application/json";
  if (!question.schema) return config;
  if (knows_json_schema(question)) {
    config[kJsonSchema] = *question.schema;
  } else {
    config["responseSchema"] = openapi_schema(*question.schema);
  }
  return config;
}

bool has_version(std::string_view base_url) {
  return base_url.ends_with("/v1beta") || base_url.ends_with("/v1") || base_url.ends_with("/v1alpha");
}

}  // namespace

const ProviderFacts& GeminiWire::facts() const noexcept {
  return kFacts;
}

std::string model_path(std::string_view model) {
  const std::size_t slash = model.find('/');
  const std::string_view collection = model.substr(0, slash == std::string_view::npos ? 0 : slash);
  const bool named = collection == "models" || collection == "tunedModels";
  std::string path(named ? collection : "models");
  path += '/';
  append_escaped(path, named ? model.substr(slash + 1) : model);
  return path;
}

WireRequest GeminiWire::request(const Question& question) const {
  WireRequest request;
  request.url = question.base_url + (has_version(question.base_url) ? "/" : "/v1beta/") + model_path(question.model) +
                (question.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
  if (!question.key.empty()) request.headers = {{"x-goog-api-key", question.key}};
  json::array parts;
  for (const Image& image : question.images)
    parts.push_back(image_part(image));
  parts.push_back(json::object{{kText, question.prompt}});
  request.body["contents"] = json::array{json::object{{"role", "user"}, {kParts, std::move(parts)}}};
  if (question.system && !question.system->empty())
    request.body["systemInstruction"] = json::object{{kParts, text_parts(*question.system)}};
  if (json::object config = generation_config(question); !config.empty()) {
    request.body["generationConfig"] = std::move(config);
  }
  return request;
}

std::unique_ptr<ReplyReader> GeminiWire::reader(const Question& /*question*/) const {
  return std::make_unique<GeminiReader>();
}

ProviderError GeminiWire::read_error(std::string_view body) const {
  ProviderError error = read_error_body(body);
  const auto parsed = read_json(body);
  if (!parsed) return error;
  const JsonRef root(*parsed);
  const JsonRef details = (root[std::size_t{0}]["error"] ? root[std::size_t{0}] : root)["error"]["details"];
  const json::array* list = details.if_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if (details[i]["reason"].text() == kInvalidKey) error.code = kInvalidKey;
  }
  return error;
}

bool GeminiWire::adjust(Question& question, std::int32_t status, const ProviderError& error) const {
  constexpr std::int32_t kBadRequest = 400;
  if (status != kBadRequest || !question.schema || !knows_json_schema(question)) return false;
  const bool speaks_of_it = error.message.find(kJsonSchema) != std::string::npos ||
                            error.message.find("response_json_schema") != std::string::npos;
  if (speaks_of_it) question.refused.emplace_back(kJsonSchema);
  return speaks_of_it;
}

}  // namespace pflow::llm::gemini
