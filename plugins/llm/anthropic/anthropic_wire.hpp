#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "llm_wire.hpp"

namespace pflow::llm::anthropic {

/// Anthropic's /v1/messages, protocol version 2023-06-01.
///
/// Structured output: `output_config.format` for models that have it. Older models, servers that refuse it and schemas
/// that it does not take get a tool that the model is made to use, whose input is the answer. JSON without a schema is
/// asked for in the system text.
class AnthropicWire final : public Wire {
 public:
  [[nodiscard]] const ProviderFacts& facts() const noexcept override;
  [[nodiscard]] WireRequest request(const Question& question) const override;
  [[nodiscard]] std::unique_ptr<ReplyReader> reader(const Question& question) const override;

  /// After a 400 or 422 that speaks of the output's format: once more with a tool, and with thinking turned off. One
  /// that speaks of the temperature, or of turning thinking off: once more without.
  [[nodiscard]] bool adjust(Question& question, std::int32_t status, const ProviderError& error) const override;
};

/// The protocol demands max_tokens. When a node gives none: 4096 for models of the generations 2 and 3.0, which take no
/// more, else 8192.
[[nodiscard]] std::int64_t default_max_tokens(std::string_view model) noexcept;

}  // namespace pflow::llm::anthropic
