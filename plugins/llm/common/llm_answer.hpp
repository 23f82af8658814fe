#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <pflow/node.hpp>

namespace pflow::llm {

/// Why an answer ended.
namespace stop_reason {
inline constexpr std::string_view kEndTurn = "end_turn";
inline constexpr std::string_view kMaxTokens = "max_tokens";
inline constexpr std::string_view kStopSequence = "stop_sequence";
inline constexpr std::string_view kToolUse = "tool_use";
inline constexpr std::string_view kRefusal = "refusal";               ///< the model would not
inline constexpr std::string_view kContentFilter = "content_filter";  ///< the provider withheld it
}  // namespace stop_reason

/// Inclusive, as the host counts: input holds what was read from or written to a cache, output holds reasoning.
struct TokenCounts {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::optional<std::int64_t> reasoning;
};

/// What an llm node writes.
struct Answer {
  std::string text;
  bool is_json = false;  ///< `text` is JSON and becomes the value that it says
  std::string model;
  std::string stop_reason{stop_reason::kEndTurn};
  std::string reasoning;
  std::optional<TokenCounts> usage;  ///< nothing: not known, and no llm_usage is written
};

void describe_outputs(sdk::Description& d);
void write_outputs(sdk::Call& call, const Answer& answer);

}  // namespace pflow::llm
