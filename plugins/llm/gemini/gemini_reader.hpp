#pragma once
#include <string_view>

#include "llm_wire.hpp"

namespace pflow::llm::gemini {

/// Reads an answer, whole or as chunks: both have the same form. Parts marked `thought` become reasoning. Usage is in
/// every chunk and counts from the beginning, so the last wins; a count that a later chunk leaves out keeps.
/// A whole answer must say how it ended; one without candidates is none.
class GeminiReader final : public ReplyReader {
 public:
  [[nodiscard]] bool read_event(std::string_view name, std::string_view data, Reply& reply) override;
  [[nodiscard]] bool read_body(const json::value& body, Reply& reply) override;

 private:
  [[nodiscard]] bool read_chunk(const json::value& body, Reply& reply);
  void take_usage(JsonRef metadata, Reply& reply);

  json::object usage_;
};

}  // namespace pflow::llm::gemini
