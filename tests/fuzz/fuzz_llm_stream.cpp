#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "answer_intake.hpp"
#include "anthropic_wire.hpp"
#include "gemini_wire.hpp"
#include "ollama_wire.hpp"
#include "openai_wire.hpp"

namespace {

using namespace pflow;
using namespace pflow::llm;

/// Answers in lines instead of events, else like OpenAI.
class LineWire final : public Wire {
 public:
  const ProviderFacts& facts() const noexcept override { return openai::kFacts; }

  Framing framing() const noexcept override { return Framing::kNdjson; }

  WireRequest request(const Question& /*question*/) const override { return {}; }

  std::unique_ptr<ReplyReader> reader(const Question& /*question*/) const override {
    return openai::make_chat_reader();
  }
};

struct Came {
  std::string text, reasoning, model, stop_reason, code;
  std::int64_t input = -1;

  friend bool operator==(const Came&, const Came&) = default;
};

Came take(const Wire& wire, const Question& question, std::int32_t status, std::string_view bytes, std::size_t piece) {
  AnswerIntake intake(wire, question, "http://127.0.0.1/v1", AnswerIntake::Clock::now());
  intake.head(status, [](std::string_view) { return std::optional<std::string_view>(); });
  std::optional<sdk::Failure> thrown;
  try {
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      intake.data(bytes.substr(at, piece));
  } catch (const sdk::Failure& failure) {
    thrown = failure;
  }
  const AnswerIntake::Outcome outcome = intake.finish(thrown);
  const Reply& r = intake.reply();
  return {r.text,
          r.reasoning,
          r.model,
          r.stop_reason,
          outcome.failure ? outcome.failure->code : "",
          r.usage ? r.usage->input : -1};
}

}  // namespace

// The first byte chooses what answers and how it is cut: an answer must be the same however its bytes come.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const openai::OpenAiWire chat(openai::Api::kChat);
  static const openai::OpenAiWire responses(openai::Api::kResponses);
  static const LineWire lines;
  static const anthropic::AnthropicWire messages;
  static const gemini::GeminiWire content;
  static const ollama::OllamaWire ollama;

  struct Asked {
    const Wire* wire;
    std::string_view model;
  };

  constexpr std::string_view kWithATool = "claude-3-haiku";  // for the schema below
  const std::array<Asked, 8> asked{{{&chat, "m"},
                                    {&responses, "m"},
                                    {&lines, "m"},
                                    {&messages, "m"},
                                    {&messages, kWithATool},
                                    {&content, "m"},
                                    {&ollama, "m"},
                                    {&chat, "m"}}};
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const unsigned choice = data[0];
  Question question;
  question.model = asked[choice % asked.size()].model;
  if (question.model == kWithATool) question.schema = json::object{{"type", "array"}};
  const Wire& wire = *asked[choice % asked.size()].wire;
  question.stream = (choice & 0x40U) == 0;
  const std::int32_t status = (choice & 0x80U) == 0 ? 200 : 429;
  const std::size_t piece = 1 + (choice >> 3U) % 8;
  const Came whole = take(wire, question, status, bytes, bytes.size() + 1);
  const Came split = take(wire, question, status, bytes, piece);
  if (whole != split) std::abort();
  return 0;
}
