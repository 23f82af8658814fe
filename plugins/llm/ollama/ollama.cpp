#include "llm_flow.hpp"
#include "ollama_wire.hpp"

namespace pflow::llm::ollama {
namespace {

const OllamaWire kWire;

struct Ollama {
  static constexpr std::string_view kType = "llm.ollama";
  static constexpr std::uint32_t kFlags = kProviderFlags;
  using Params = llm::Params;

  static void describe(sdk::Description& d) {
    describe_provider(d, kWire.facts(), "Asks models that Ollama runs, on this machine or another. Costs nothing.");
    d.example("Ask", R"({"prompt": "Summarise this: ...", "model": "llama3.2"})")
        .example("Read more at once", R"({"prompt": "...", "extra": {"options": {"num_ctx": 32768}}})");
  }

  void run(const Params& params, sdk::Call& call) const { ask(kWire, params, call); }
};

}  // namespace
}  // namespace pflow::llm::ollama

PFLOW_PLUGIN("pflow.llm.ollama", "0.1.0", pflow::llm::ollama::Ollama);
