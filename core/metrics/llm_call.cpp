#include "core/metrics/llm_call.hpp"

#include "core/base/object_builder.hpp"
#include "core/metrics/duration.hpp"

namespace pflow {

std::string_view usage_source_name(UsageSource source) noexcept {
  switch (source) {
    case UsageSource::kReported:
      return "reported";
    case UsageSource::kOutput:
      return "output";
    case UsageSource::kEstimated:
      return "estimated";
  }
  return "reported";
}

Value llm_call_value(const LlmCall& call) {
  ObjectBuilder m;
  m.add("call_id", call.call_id);
  m.add("node_id", call.node_id);
  m.add("provider", call.provider);
  m.add("model", call.model);
  m.add("requested_model", call.requested_model);
  m.add("input_tokens", Value::integer(call.input_tokens));
  m.add("output_tokens", Value::integer(call.output_tokens));
  m.add("total_tokens", Value::integer(call.total_tokens()));
  m.add("cache_creation_input_tokens", Value::integer(call.cache_creation_input_tokens));
  m.add("cache_read_input_tokens", Value::integer(call.cache_read_input_tokens));
  m.add("reasoning_tokens", Value::integer(call.reasoning_tokens));
  m.add("cost_usd", usd_value(call.cost_nano_usd));
  m.add("cost_basis", cost_basis_name(call.cost_basis));
  m.add("duration_ms", ms_value(call.duration_ns));
  m.add("is_planner", Value::boolean(call.is_planner));
  m.add("attempt", Value::integer(static_cast<std::int64_t>(call.attempt)));
  m.add("batch_index", call.batch_index < 0 ? Value() : Value::integer(call.batch_index));
  m.add("usage_source", usage_source_name(call.usage_source));
  return m.finish();
}

}  // namespace pflow
