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

void write_http_calls(const std::vector<HttpReport>& calls, TraceText& text) {
  text.raw("[");
  bool first = true;
  for (const HttpReport& c : calls) {
    text.raw(first ? "{\"attempt\":" : ",{\"attempt\":").natural(c.attempt);
    text.raw(",\"method\":").fact(c.method).raw(",\"url\":").fact(c.url).raw(",\"status\":");
    c.status == 0 ? text.raw("null") : text.integer(c.status);
    text.raw(",\"error\":");
    c.error_code.empty() ? text.raw("null") : text.fact(c.error_code);
    text.raw(",\"redirects\":").natural(c.redirects);
    text.raw(c.reused ? ",\"reused\":true" : ",\"reused\":false");
    text.raw(",\"bytes_in\":").integer(c.bytes_in).raw(",\"bytes_out\":").integer(c.bytes_out);
    text.raw(",\"timings\":{\"dns_ms\":").milliseconds(c.dns_ns);
    text.raw(",\"connect_ms\":").milliseconds(c.connect_ns).raw(",\"tls_ms\":").milliseconds(c.tls_ns);
    text.raw(",\"ttfb_ms\":").milliseconds(c.ttfb_ns).raw(",\"total_ms\":").milliseconds(c.total_ns).raw("}}");
    first = false;
  }
  text.raw("]");
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
