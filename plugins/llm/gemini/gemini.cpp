#include "gemini_wire.hpp"
#include "llm_flow.hpp"

namespace pflow::llm::gemini {
namespace {

const GeminiWire kWire;

struct Gemini {
  static constexpr std::string_view kType = "llm.gemini";
  static constexpr std::uint32_t kFlags = kProviderFlags;
  using Params = llm::Params;

  static void describe(sdk::Description& d) {
    describe_provider(d, kWire.facts(), "Asks Google's Gemini models over generateContent.");
    d.example("Ask", R"({"prompt": "Summarise this: ..."})")
        .example("Show what it thinks",
                 R"({"prompt": "...", "extra": {"generationConfig": {"thinkingConfig": {"includeThoughts": true}}}})");
  }

  void run(const Params& params, sdk::Call& call) const { ask(kWire, params, call); }
};

}  // namespace
}  // namespace pflow::llm::gemini

PFLOW_PLUGIN("pflow.llm.gemini", "0.1.0", pflow::llm::gemini::Gemini);
