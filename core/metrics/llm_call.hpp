#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/saturating.hpp"
#include "core/base/value.hpp"
#include "core/pricing/price_book.hpp"

namespace pflow {

/// What a model or provider is called that nobody told.
inline constexpr std::string_view kNamelessModel = "unknown";

/// How the host learnt of a usage: reported through the ABI, read from a node's `llm_usage` output, or counted by the
/// node itself.
enum class UsageSource : std::uint8_t { kReported, kOutput, kEstimated };

/// "reported", "output" or "estimated".
[[nodiscard]] std::string_view usage_source_name(UsageSource source) noexcept;

/// One LLM call of a run: an entry of `__llm_calls__`. Counts are inclusive.
struct LlmCall {
  std::string call_id;  ///< unique: the run's id and a number
  std::string node_id;
  std::string provider;
  std::string model;
  std::string requested_model;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t cache_creation_input_tokens = 0;
  std::int64_t cache_read_input_tokens = 0;
  std::int64_t reasoning_tokens = 0;
  std::int64_t web_searches = 0;
  std::int64_t cost_nano_usd = 0;
  CostBasis cost_basis = CostBasis::kList;
  std::int64_t context_window = 0;  ///< 0: unknown
  std::int64_t duration_ns = 0;     ///< of the node's attempt; of several usages the first one has it
  bool is_planner = false;
  std::uint32_t attempt = 1;
  std::int64_t batch_index = -1;
  UsageSource usage_source = UsageSource::kReported;

  [[nodiscard]] std::int64_t total_tokens() const noexcept { return saturating_add(input_tokens, output_tokens); }
};

/// The entry as `__llm_calls__` shows it.
[[nodiscard]] Value llm_call_value(const LlmCall& call);

}  // namespace pflow
