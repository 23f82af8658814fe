#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <pflow/node.hpp>

namespace pflow::llm {

/// What every llm node takes, whoever answers it. The host writes `model` (without the provider's prefix) and
/// `base_url` in and takes `provider` out.
struct Params {
  std::string_view prompt;
  std::optional<std::string_view> system;
  std::optional<std::string_view> model;
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
  sdk::Value images;
  sdk::Value output_schema;
  std::optional<bool> json;
  sdk::Value stop;
  std::int64_t timeout_ms = 120'000;
  std::optional<bool> stream;
  std::optional<std::string_view> base_url;
  sdk::Value extra;

  static void declare(sdk::Fields<Params>& f);
};

/// Declares them all for parameters that are these and some of a provider's own:
/// `struct AcmeParams : llm::Params { ...; static void declare(sdk::Fields<AcmeParams>& f) { declare_params(f); ... }
/// };`
template <class Own>
void declare_params(sdk::Fields<Own>& f) {
  const auto add = [&]<class T>(std::string_view name, T Params::*member, std::string_view text) -> sdk::Field& {
    return f.add(name, static_cast<T Own::*>(member), text);
  };
  constexpr double kMostTokens = 100'000'000;
  constexpr double kDayMs = 86'400'000;
  add("prompt", &Params::prompt, "What the model is asked").required();
  add("system", &Params::system, "What the model is told of its task beforehand");
  add("model", &Params::model, "Which model answers; PROVIDER/MODEL chooses the provider too");
  add("temperature", &Params::temperature, "How freely it chooses its words").minimum(0).maximum(2);
  add("max_tokens", &Params::max_tokens, "Where the answer ends at the latest").minimum(1).maximum(kMostTokens);
  add("images", &Params::images, "Paths or URLs of images that belong to the prompt").type(sdk::Type::kArray);
  add("output_schema", &Params::output_schema, "A JSON Schema: the answer is a value that satisfies it")
      .type(sdk::Type::kObject);
  add("json", &Params::json, "The answer is a JSON value, of any form");
  add("stop", &Params::stop, "A text, or an array of texts, before which the answer ends");
  add("timeout_ms", &Params::timeout_ms, "How long to wait for the answer").minimum(1).maximum(kDayMs);
  add("stream", &Params::stream, "Show the answer as it comes");
  add("base_url", &Params::base_url, "Another server that speaks the same protocol");
  add("extra", &Params::extra, "What this provider alone knows").type(sdk::Type::kObject);
}

/// `stop` as texts: one, or an array of them. Throws Failure invalid_parameter for anything else and for empty ones.
[[nodiscard]] std::vector<std::string_view> stop_texts(const Params& params);

/// A parameter that cannot be what it is.
[[noreturn]] void refuse(std::string_view param, std::string_view problem);

}  // namespace pflow::llm
