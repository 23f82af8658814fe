#include "llm_params.hpp"

#include <string>
#include <utility>

namespace pflow::llm {

void Params::declare(sdk::Fields<Params>& f) {
  f.add("prompt", &Params::prompt, "What the model is asked").required();
  f.add("system", &Params::system, "What the model is told of its task beforehand");
  f.add("model", &Params::model, "Which model answers; PROVIDER/MODEL chooses the provider too");
  f.add("temperature", &Params::temperature, "How freely it chooses its words").minimum(0).maximum(2);
  f.add("max_tokens", &Params::max_tokens, "Where the answer ends at the latest").minimum(1).maximum(100'000'000);
  f.add("images", &Params::images, "Paths or URLs of images that belong to the prompt").type(sdk::Type::kArray);
  f.add("output_schema", &Params::output_schema, "A JSON Schema: the answer is a value that satisfies it")
      .type(sdk::Type::kObject);
  f.add("json", &Params::json, "The answer is a JSON value, of any form");
  f.add("stop", &Params::stop, "A text, or an array of texts, before which the answer ends");
  f.add("timeout_ms", &Params::timeout_ms, "How long to wait for the answer").minimum(1).maximum(86'400'000);
  f.add("stream", &Params::stream, "Show the answer as it comes");
  f.add("base_url", &Params::base_url, "Another server that speaks the same protocol");
  f.add("extra", &Params::extra, "What this provider alone knows").type(sdk::Type::kObject);
}

void refuse(std::string_view param, std::string_view problem) {
  std::string message = "parameter ";
  sdk::append_json(message, param);
  message.append(": ").append(problem);
  throw sdk::Failure{.status = PFLOW_E_INVALID, .code = "invalid_parameter", .message = std::move(message)};
}

std::vector<std::string_view> stop_texts(const Params& params) {
  std::vector<std::string_view> texts;
  const auto add = [&](sdk::Value value) {
    const auto text = value.if_string();
    if (!text) refuse("stop", "expected a text or an array of texts");
    if (text->empty()) refuse("stop", "an empty text would end every answer at once");
    texts.push_back(*text);
  };
  if (params.stop.is(sdk::Type::kArray)) {
    for (const sdk::Value item : params.stop.items())
      add(item);
  } else if (!params.stop.is_null()) {
    add(params.stop);
  }
  return texts;
}

}  // namespace pflow::llm
