#pragma once
#include <memory>

#include "llm_wire.hpp"

namespace pflow::llm::ollama {

/// Ollama's /api/chat, streamed as JSON lines. No key, no cost; images as bytes only; structured output by `format`.
class OllamaWire final : public Wire {
 public:
  [[nodiscard]] const ProviderFacts& facts() const noexcept override;

  [[nodiscard]] Framing framing() const noexcept override { return Framing::kNdjson; }

  /// Throws Failure unsupported_image for the URL of an image: Ollama fetches none.
  [[nodiscard]] WireRequest request(const Question& question) const override;
  [[nodiscard]] std::unique_ptr<ReplyReader> reader(const Question& question) const override;

  /// Nothing, whatever the model: a price override takes its place.
  [[nodiscard]] std::optional<std::int64_t> cost_nano_usd(const Question& /*question*/,
                                                          const Reply& /*reply*/) const override {
    return 0;
  }
};

}  // namespace pflow::llm::ollama
