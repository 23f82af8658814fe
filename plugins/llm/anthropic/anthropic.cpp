#include "anthropic_wire.hpp"
#include "llm_flow.hpp"

namespace pflow::llm::anthropic {
namespace {

const AnthropicWire kWire;

struct Anthropic {
  static constexpr std::string_view kType = "llm.anthropic";
  static constexpr std::uint32_t kFlags = kProviderFlags;
  using Params = llm::Params;

  static void describe(sdk::Description& d) {
    describe_provider(d, kWire.facts(), "Asks Anthropic's models over /v1/messages, or a server that speaks it.");
    d.example("Ask", R"({"prompt": "Summarise this: ..."})")
        .example("Let it think first",
                 R"({"prompt": "...", "max_tokens": 6000,
                     "extra": {"thinking": {"type": "adaptive", "display": "summarized"}}})");
  }

  void run(const Params& params, sdk::Call& call) const { ask(kWire, params, call); }
};

}  // namespace
}  // namespace pflow::llm::anthropic

PFLOW_PLUGIN("pflow.llm.anthropic", "0.1.0", pflow::llm::anthropic::Anthropic);
