#include <optional>
#include <string_view>

#include "llm_flow.hpp"
#include "openai_wire.hpp"
#include <pflow/node.hpp>

namespace pflow::llm::openai {
namespace {

// They hold a constant only, and are never destroyed while a call may use them.
const OpenAiWire kChatWire(Api::kChat);
const OpenAiWire kResponsesWire(Api::kResponses);

struct OpenAiParams : llm::Params {
  std::optional<std::string_view> api;

  static void declare(sdk::Fields<OpenAiParams>& f) {
    declare_params(f);
    f.add("api", &OpenAiParams::api,
          "Which of the two protocols: chat completions, which most servers know, or responses")
        .one_of({"chat", "responses"});
  }
};

struct OpenAi {
  static constexpr std::string_view kType = "llm.openai";
  static constexpr std::uint32_t kFlags = kProviderFlags;
  using Params = OpenAiParams;

  static void describe(sdk::Description& d) {
    describe_provider(d, kFacts,
                      "Asks models of OpenAI, or of any server that speaks its protocol: vLLM, llama.cpp, LM Studio, "
                      "Groq, OpenRouter, ...");
    d.example("Ask", R"({"prompt": "Summarise this: ...", "model": "gpt-4o-mini"})")
        .example("Ask a server of one's own, which needs no key",
                 R"({"prompt": "...", "model": "qwen3", "base_url": "http://localhost:8080"})")
        .example("Get a value of a given form",
                 R"({"prompt": "...", "output_schema": {"type": "object", "required": ["city"],)"
                 R"( "properties": {"city": {"type": "string"}}, "additionalProperties": false}})");
  }

  void run(const Params& params, sdk::Call& call) const {
    ask(params.api == "responses" ? kResponsesWire : kChatWire, params, call);
  }
};

}  // namespace
}  // namespace pflow::llm::openai

PFLOW_PLUGIN("pflow.llm.openai", "0.1.0", pflow::llm::openai::OpenAi);
