#include "ollama_wire.hpp"

#include <utility>

#include "ollama_host.hpp"
#include "ollama_reader.hpp"
#include "server_name.hpp"

namespace pflow::llm::ollama {
namespace {

constexpr std::string_view kRole = "role";
constexpr std::string_view kContent = "content";

constexpr ProviderFacts kFacts{
    .provider = "ollama",
    .title = "Ollama",
    .key_setting = "",
    .base_url_setting = "OLLAMA_HOST",
    .default_base_url = "http://127.0.0.1:11434",
    .default_model = "llama3.2",
    .models_json = R"(["llama*", "qwen*", "gemma*", "phi*", "mistral*", "deepseek-r1*"])",
    .unreachable_advice = "Is Ollama running? `ollama serve` starts it; OLLAMA_HOST says where it is.",
    .no_model_advice = "`ollama pull {model}` fetches it, `ollama list` shows what is there.",
    .base_url_of = &base_url_of,
};

json::object user_message(const Question& question) {
  json::object message{{kRole, "user"}, {kContent, question.prompt}};
  json::array images;
  for (const Image& image : question.images) {
    if (!image.url.empty()) {
      throw sdk::Failure{.status = PFLOW_E_INVALID,
                         .code = "unsupported_image",
                         .message = "Ollama fetches no images: give a path instead of " + shown_url(image.url)};
    }
    images.emplace_back(image.base64);
  }
  if (!images.empty()) message["images"] = std::move(images);
  return message;
}

json::object options(const Question& question) {
  json::object options;
  if (question.temperature) options["temperature"] = *question.temperature;
  if (question.max_tokens) options["num_predict"] = *question.max_tokens;
  if (!question.stop.empty()) options["stop"] = json::array(question.stop.begin(), question.stop.end());
  return options;
}

}  // namespace

const ProviderFacts& OllamaWire::facts() const noexcept {
  return kFacts;
}

WireRequest OllamaWire::request(const Question& question) const {
  WireRequest request;
  request.url = question.base_url + "/api/chat";
  json::array messages;
  if (question.system && !question.system->empty())
    messages.push_back(json::object{{kRole, "system"}, {kContent, *question.system}});
  messages.push_back(user_message(question));
  json::object& body = request.body;
  body["model"] = question.model;
  body["messages"] = std::move(messages);
  body["stream"] = question.stream;  // Ollama streams unless it is told not to
  if (question.schema) {
    body["format"] = *question.schema;
  } else if (question.wants_json) {
    body["format"] = "json";
  }
  if (json::object own = options(question); !own.empty()) body["options"] = std::move(own);
  return request;
}

std::unique_ptr<ReplyReader> OllamaWire::reader(const Question& /*question*/) const {
  return std::make_unique<OllamaReader>();
}

}  // namespace pflow::llm::ollama
