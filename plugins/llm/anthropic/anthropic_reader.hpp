#pragma once
#include <string>
#include <string_view>

#include "anthropic_schema.hpp"
#include "anthropic_usage.hpp"
#include "llm_wire.hpp"

namespace pflow::llm::anthropic {

/// Reads a message, whole or as events. Of what servers do on the model's behalf (web searches, ...) nothing becomes
/// text; thinking becomes reasoning.
class AnthropicReader final : public ReplyReader {
 public:
  explicit AnthropicReader(OutputForm form) noexcept : form_(form) {}

  [[nodiscard]] bool read_event(std::string_view name, std::string_view data, Reply& reply) override;
  [[nodiscard]] bool read_body(const json::value& body, Reply& reply) override;

 private:
  [[nodiscard]] bool is_answer(JsonRef block) const;
  [[nodiscard]] bool take_block(JsonRef block, Reply& reply) const;
  void take_head(JsonRef message, Reply& reply);
  void take_usage(JsonRef usage, Reply& reply);
  void take_stop(JsonRef stop_reason, Reply& reply) const;
  void take_delta(JsonRef delta, Reply& reply);
  [[nodiscard]] bool end_block(Reply& reply);

  OutputForm form_;
  UsageSoFar usage_;
  bool in_answer_tool_ = false;  // the block that is coming is the tool's input
  bool empty_input_ = false;     // such a block ended, and nothing had come
  std::string wrapped_;          // of kWrappedTool: cannot be handed on in pieces
};

}  // namespace pflow::llm::anthropic
