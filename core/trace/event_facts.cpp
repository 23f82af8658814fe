#include "core/trace/event_facts.hpp"

namespace pflow {

void write_facts(const TraceCall& call, std::uint64_t seq, TraceText& text) {
  text.raw("{\"seq\":").natural(seq).raw(",\"node_id\":").fact(call.node_id);
  text.raw(",\"node_type\":").fact(call.node_type).raw(",\"plugin\":");
  call.plugin.empty() ? text.raw("null") : text.fact(call.plugin);
  text.raw(",\"start_ms\":").milliseconds(call.start_ns).raw(",\"duration_ms\":").milliseconds(call.duration_ns);
  text.raw(call.success ? ",\"success\":true,\"action\":" : ",\"success\":false,\"action\":").fact(call.action);
  text.raw(",\"error\":").value(call.error);
  text.raw(",\"attempt\":").natural(call.attempt).raw(",\"visit\":").integer(call.visit).raw(",\"batch_index\":");
  call.batch_index < 0 ? text.raw("null") : text.integer(call.batch_index);
  text.raw(",\"parent\":");
  call.parent ? text.natural(*call.parent) : text.raw("null");
}

void write_usage(const TraceLlmUsage& usage, TraceText& text) {
  text.raw("\"usage_raw\":").value(usage.raw).raw(",\"usage\":").value(usage.usage);
  text.raw(",\"provider\":").fact(usage.provider).raw(",\"model\":").fact(usage.model);
  text.raw(",\"cost_usd\":").fact(usage.cost_usd).raw(",\"cost_basis\":").fact(usage.cost_basis);
  text.raw(",\"price\":").fact(usage.price);
}

void write_retries(const std::vector<TraceRetry>& retries, TraceText& text) {
  text.raw("[");
  bool first = true;
  for (const TraceRetry& retry : retries) {
    text.raw(first ? "{\"attempt\":" : ",{\"attempt\":").natural(retry.attempt);
    text.raw(",\"error\":").value(retry.error).raw(",\"wait_ms\":").integer(retry.wait_ms).raw("}");
    first = false;
  }
  text.raw("]");
}

}  // namespace pflow
