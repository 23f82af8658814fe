#include "core/trace/event_facts.hpp"

namespace pflow {

void write_facts(const TraceCall& call, std::uint64_t seq, TraceText& text) {
  text.raw("{\"seq\":").natural(seq).raw(",\"node_id\":");
  text.fact(call.node_id);
  text.raw(",\"node_type\":");
  text.fact(call.node_type);
  text.raw(",\"plugin\":");
  call.plugin.empty() ? void(text.raw("null")) : text.fact(call.plugin);
  text.raw(",\"start_ms\":").milliseconds(call.start_ns).raw(",\"duration_ms\":").milliseconds(call.duration_ns);
  text.raw(call.success ? ",\"success\":true,\"action\":" : ",\"success\":false,\"action\":");
  text.fact(call.action);
  text.raw(",\"error\":");
  text.value(call.error);
  text.raw(",\"attempt\":").natural(call.attempt).raw(",\"visit\":").integer(call.visit).raw(",\"batch_index\":");
  call.batch_index < 0 ? text.raw("null") : text.integer(call.batch_index);
  text.raw(",\"parent\":");
  call.parent ? text.natural(*call.parent) : text.raw("null");
}

void write_usage(const TraceLlmUsage& usage, TraceText& text) {
  text.raw("\"usage_raw\":");
  text.value(usage.raw);
  text.raw(",\"usage\":");
  text.value(usage.usage);
  text.raw(",\"provider\":");
  text.fact(usage.provider);
  text.raw(",\"model\":");
  text.fact(usage.model);
  text.raw(",\"cost_usd\":");
  text.fact(usage.cost_usd);
  text.raw(",\"cost_basis\":");
  text.fact(usage.cost_basis);
  text.raw(",\"price\":");
  text.fact(usage.price);
}

void write_retries(const std::vector<TraceRetry>& retries, TraceText& text) {
  text.raw("[");
  bool first = true;
  for (const TraceRetry& retry : retries) {
    text.raw(first ? "{\"attempt\":" : ",{\"attempt\":").natural(retry.attempt).raw(",\"error\":");
    first = false;
    text.value(retry.error);
    text.raw(",\"wait_ms\":").integer(retry.wait_ms).raw("}");
  }
  text.raw("]");
}

}  // namespace pflow
