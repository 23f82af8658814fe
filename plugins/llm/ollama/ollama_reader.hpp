#pragma once
#include <string_view>

#include "llm_wire.hpp"

namespace pflow::llm::ollama {

/// Reads an answer, whole or a line at a time: both have the same form. Counts come with `done`. Ollama leaves out
/// counts of zero: a prompt that was cached as a whole has no prompt_eval_count. Both missing: nothing was told.
class OllamaReader final : public ReplyReader {
 public:
  [[nodiscard]] bool read_event(std::string_view name, std::string_view data, Reply& reply) override;
  [[nodiscard]] bool read_body(const json::value& body, Reply& reply) override;
};

}  // namespace pflow::llm::ollama
