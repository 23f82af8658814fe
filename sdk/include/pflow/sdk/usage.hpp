#pragma once
#include "pflow/sdk/call.hpp"

namespace pflow::sdk {
inline namespace v1 {

inline void Call::report(const LlmUsage& usage) {
  pflow_llm_usage raw = PFLOW_LLM_USAGE_INIT;
  raw.provider = to_str(usage.provider);
  raw.model = to_str(usage.model);
  raw.request_id = to_str(usage.request_id);
  raw.requested_model = to_str(usage.requested_model);
  raw.service_tier = to_str(usage.service_tier);
  raw.api_flavor = to_str(usage.api_flavor);
  raw.raw_json = to_str(usage.raw_json);
  raw.units_json = to_str(usage.units_json);
  raw.input_tokens = usage.input_tokens.value_or(-1);
  raw.output_tokens = usage.output_tokens.value_or(-1);
  raw.cache_read_tokens = usage.cache_read_tokens.value_or(-1);
  raw.cache_write_tokens = usage.cache_write_tokens.value_or(-1);
  raw.reasoning_tokens = usage.reasoning_tokens.value_or(-1);
  raw.cost_nano_usd = usage.cost_nano_usd.value_or(0);
  if (usage.time_to_first_token) raw.ttft_ns = usage.time_to_first_token->count();
  if (usage.cost_nano_usd) raw.flags |= PFLOW_USAGE_HAS_COST;
  if (usage.estimated) raw.flags |= PFLOW_USAGE_ESTIMATED;
  if (usage.partial) raw.flags |= PFLOW_USAGE_PARTIAL;
  check(Host::table().report_llm_usage(handle_, &raw), "reporting usage of", usage.model);
}

}  // namespace v1
}  // namespace pflow::sdk
