#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/value.hpp"

namespace pflow {

/// What LLM calls add up to, counted from what events keep of them.
struct LlmTotals {
  std::uint64_t calls = 0;  ///< usages: one call of a node may report several
  std::uint64_t input_tokens = 0;
  std::uint64_t output_tokens = 0;
  std::int64_t cost_nano_usd = 0;
  bool cost_incomplete = false;     ///< a cost was not known, or not kept
  std::vector<std::string> models;  ///< as first met

  /// Adds an event's llm_call, filled in; null adds nothing.
  void add(const Value& llm_call);
  void add(const LlmTotals& more);

  [[nodiscard]] std::uint64_t total_tokens() const noexcept;

  [[nodiscard]] double cost_usd() const noexcept { return static_cast<double>(cost_nano_usd) / 1e9; }

  [[nodiscard]] Value summary() const;  ///< as llm_summary in a trace's root

 private:
  void add_usage(const Value& call);
  void add_model(std::string_view model);
};

}  // namespace pflow
