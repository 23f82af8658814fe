#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "llm_wire.hpp"

/// OpenAI's two protocols. The first is also that of most other servers.
namespace pflow::llm::openai {

enum class Api : std::uint8_t { kChat, kResponses };

inline constexpr ProviderFacts kFacts{
    .provider = "openai",
    .title = "OpenAI",
    .key_setting = "OPENAI_API_KEY",
    .base_url_setting = "OPENAI_BASE_URL",
    .default_base_url = "https://api.openai.com/v1",
    .default_model = "gpt-4o-mini",
    .models_json = R"(["gpt-*", "chatgpt-*", "o1*", "o3*", "o4*", "codex-*", "computer-use-*"])",
};

/// Features that a server may refuse: words of Question::refused.
namespace feature {
inline constexpr std::string_view kStreamOptions = "stream_options";
inline constexpr std::string_view kStrict = "strict";
inline constexpr std::string_view kMaxTokens = "max_tokens";
inline constexpr std::string_view kMaxCompletionTokens = "max_completion_tokens";
}  // namespace feature

class OpenAiWire final : public Wire {
 public:
  explicit OpenAiWire(Api api) noexcept : api_(api) {}

  [[nodiscard]] const ProviderFacts& facts() const noexcept override { return kFacts; }

  void note_refusals(Question& question) const override;
  [[nodiscard]] WireRequest request(const Question& question) const override;
  [[nodiscard]] std::unique_ptr<ReplyReader> reader(const Question& question) const override;
  [[nodiscard]] bool adjust(Question& question, std::int32_t status, const ProviderError& error) const override;
  [[nodiscard]] std::string_view billed_by(const Question& question) const override;

  /// OpenRouter's `usage.cost`, to the nano-dollar, unless the call went over keys of one's own (`is_byok`): then it is
  /// OpenRouter's fee alone. What others write there is not used.
  [[nodiscard]] std::optional<std::int64_t> cost_nano_usd(const Question& question, const Reply& reply) const override;

 private:
  Api api_;
};

/// Where a request goes. `base` may be a server alone ("http://localhost:8000": /v1 is added), a path that the protocol
/// lies below ("https://openrouter.ai/api/v1"), or the full address of a request.
[[nodiscard]] std::string endpoint(std::string_view base, Api api);

/// True for the provider's own server, whatever the path.
[[nodiscard]] bool is_own_server(std::string_view base);

/// Whether a schema asks for an object at its root: the only ones that OpenAI takes.
[[nodiscard]] bool is_object_schema(const json::object& schema);

/// Whether the question's schema is sent as one that the server is to keep to strictly.
[[nodiscard]] bool is_strict(const Question& question);

[[nodiscard]] json::object chat_body(const Question& question);
[[nodiscard]] json::object responses_body(const Question& question);

[[nodiscard]] std::unique_ptr<ReplyReader> make_chat_reader();
[[nodiscard]] std::unique_ptr<ReplyReader> make_responses_reader();

}  // namespace pflow::llm::openai
