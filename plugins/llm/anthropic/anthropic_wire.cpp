#include "anthropic_wire.hpp"

#include <array>
#include <string>
#include <utility>

#include "anthropic_reader.hpp"
#include "anthropic_schema.hpp"
#include "refused_feature.hpp"

namespace pflow::llm::anthropic {
namespace {

constexpr std::string_view kVersion = "2023-06-01";
constexpr std::string_view kJsonOnly = "Answer with one JSON value and nothing else.";

constexpr ProviderFacts kFacts{
    .provider = "anthropic",
    .title = "Anthropic",
    .key_setting = "ANTHROPIC_API_KEY",
    .base_url_setting = "ANTHROPIC_BASE_URL",
    .default_base_url = "https://api.anthropic.com",
    .default_model = "claude-sonnet-5",
    .models_json = R"(["claude-*"])",
};

json::object image_block(const Image& image) {
  json::object source;
  if (!image.url.empty()) {
    source = {{kType, "url"}, {"url", image.url}};
  } else {
    source = {{kType, "base64"}, {"media_type", image.media_type}, {"data", image.base64}};
  }
  return {{kType, "image"}, {"source", std::move(source)}};
}

// Images stand before the text that speaks of them, as the vendor advises.
json::value content(const Question& question) {
  if (question.images.empty()) return json::string(question.prompt);
  json::array blocks;
  for (const Image& image : question.images)
    blocks.push_back(image_block(image));
  blocks.push_back(json::object{{kType, "text"}, {"text", question.prompt}});
  return blocks;
}

std::string system_text(const Question& question) {
  std::string text(question.system.value_or(""));
  if (question.wants_json && !question.schema) text.append(text.empty() ? "" : "\n\n").append(kJsonOnly);
  return text;
}

bool disables_thinking(const Question& question) {
  return question.schema && question.has_refused(kFormatFeature) && !question.has_refused(kThinkingFeature);
}

void ask_for_schema(json::object& body, const Question& question) {
  const OutputForm form = output_form(question);
  if (form == OutputForm::kText) return;
  if (form == OutputForm::kFormat) {
    json::object format{{kType, "json_schema"}, {"schema", strict_schema(*question.schema)}};
    body["output_config"] = json::object{{"format", std::move(format)}};
    return;
  }
  body["tools"] = json::array{json::object{{"name", kToolName},
                                           {"description", "Takes the answer."},
                                           {"input_schema", tool_schema(*question.schema, form)}}};
  body["tool_choice"] = json::object{{kType, "tool"}, {"name", kToolName}};
  // Models that would have known the format may think unasked, which a forced tool forbids.
  if (disables_thinking(question)) body["thinking"] = json::object{{kType, "disabled"}};
}

bool speaks_of_format(const ProviderError& error) {
  return speaks_of(error, "output_config") || speaks_of(error, "output_format") || speaks_of(error, "json_schema") ||
         speaks_of(error, "structured output");
}

// What was sent and is refused; empty: nothing that could be left out.
std::string_view refused_feature(const Question& question, const ProviderError& error) {
  if (output_form(question) == OutputForm::kFormat && speaks_of_format(error)) return kFormatFeature;
  if (sends_temperature(question) && says_unsupported(error, kTemperatureFeature)) return kTemperatureFeature;
  if (disables_thinking(question) && speaks_of(error, kThinkingFeature)) return kThinkingFeature;
  return {};
}

}  // namespace

const ProviderFacts& AnthropicWire::facts() const noexcept {
  return kFacts;
}

std::int64_t default_max_tokens(std::string_view model) noexcept {
  constexpr std::array<std::string_view, 6> kSmall{"claude-2",        "claude-instant", "claude-3-opus",
                                                   "claude-3-sonnet", "claude-3-haiku", "claude-1"};
  for (const std::string_view prefix : kSmall) {
    if (model.starts_with(prefix)) return 4096;
  }
  return 8192;
}

WireRequest AnthropicWire::request(const Question& question) const {
  WireRequest request;
  request.url = question.base_url + (question.base_url.ends_with("/v1") ? "/messages" : "/v1/messages");
  request.headers = {{"anthropic-version", std::string(kVersion)}};
  if (!question.key.empty()) request.headers.emplace_back("x-api-key", question.key);
  json::object& body = request.body;
  body["model"] = question.model;
  body["max_tokens"] = question.max_tokens.value_or(default_max_tokens(question.model));
  if (const std::string system = system_text(question); !system.empty()) body["system"] = system;
  body["messages"] = json::array{json::object{{"role", "user"}, {"content", content(question)}}};
  if (sends_temperature(question)) body["temperature"] = *question.temperature;
  if (!question.stop.empty()) body["stop_sequences"] = json::array(question.stop.begin(), question.stop.end());
  if (question.stream) body["stream"] = true;
  ask_for_schema(body, question);
  return request;
}

std::unique_ptr<ReplyReader> AnthropicWire::reader(const Question& question) const {
  return std::make_unique<AnthropicReader>(output_form(question));
}

bool AnthropicWire::adjust(Question& question, std::int32_t status, const ProviderError& error) const {
  constexpr std::int32_t kBadRequest = 400;
  constexpr std::int32_t kUnprocessable = 422;
  if (status != kBadRequest && status != kUnprocessable) return false;
  const std::string_view feature = refused_feature(question, error);
  return !feature.empty() && refuse_feature(question, feature);
}

}  // namespace pflow::llm::anthropic
