#include "llm_params.hpp"

#include <string>
#include <utility>

namespace pflow::llm {

void Params::declare(sdk::Fields<Params>& f) {
  declare_params(f);
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
