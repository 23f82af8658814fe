#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "llm_wire.hpp"

namespace pflow::llm::gemini {

/// Gemini's generateContent and streamGenerateContent (server-sent events). The key goes into a header, never into the
/// URL.
///
/// Structured output: `responseJsonSchema`, for models before 2.5 and servers that refuse it `responseSchema`, which
/// understands less; the answer is checked against the whole schema either way.
class GeminiWire final : public Wire {
 public:
  [[nodiscard]] const ProviderFacts& facts() const noexcept override;
  [[nodiscard]] WireRequest request(const Question& question) const override;
  [[nodiscard]] std::unique_ptr<ReplyReader> reader(const Question& question) const override;

  /// A key that is not known is told as a 400: says so in the code (API_KEY_INVALID).
  [[nodiscard]] ProviderError read_error(std::string_view body) const override;

  /// After a 400 that speaks of responseJsonSchema: once more with responseSchema.
  [[nodiscard]] bool adjust(Question& question, std::int32_t status, const ProviderError& error) const override;
};

/// "models/gemini-x" for a model, however it is written ("gemini-x", "models/gemini-x", "tunedModels/mine"), escaped
/// for a URL's path.
[[nodiscard]] std::string model_path(std::string_view model);

}  // namespace pflow::llm::gemini
