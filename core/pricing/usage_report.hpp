#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pflow {

/// What a node told of one LLM call, as it told it: facts, not yet brought to one form and not priced. Counts are
/// inclusive: input holds what was read from or written to a cache, output holds reasoning. Of several ways to say the
/// same, `units_json` counts, then a `raw_json` that an extractor understands, then the fields.
struct LlmUsageReport {
  std::string provider;         ///< "anthropic"; empty: unknown
  std::string model;            ///< what answered
  std::string requested_model;  ///< what was asked for
  std::string request_id;
  std::string service_tier;  ///< "standard", "batch", ...; empty: unknown
  std::string api_flavor;    ///< the shape of raw_json; empty: the provider's default
  std::string raw_json;      ///< the provider's own response body, or its usage part
  std::string units_json;    ///< {"cache_write_1h_tokens": 12} by the price registry's unit names
  std::optional<std::int64_t> input_tokens = {};
  std::optional<std::int64_t> output_tokens = {};
  std::optional<std::int64_t> cache_read_tokens = {};
  std::optional<std::int64_t> cache_write_tokens = {};
  std::optional<std::int64_t> reasoning_tokens = {};
  std::optional<std::int64_t> cost_nano_usd = {};  ///< the provider's own price of this call
  std::optional<std::int64_t> ttft_ns = {};
  bool estimated = false;  ///< counted by the node, not by the provider
  bool partial = false;    ///< the call broke off
};

}  // namespace pflow
