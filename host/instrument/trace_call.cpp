#include "host/instrument/trace_call.hpp"

#include <chrono>

#include "core/base/json_pointer.hpp"
#include "core/base/json_read.hpp"
#include "core/base/object_builder.hpp"

namespace pflow::host {
namespace {

Value count_or_null(const std::optional<std::int64_t>& count) {
  return count ? Value::integer(*count) : Value();
}

// What the node told, as it told it: the provider's own body where there is one.
Value raw_usage(const LlmUsageReport& r) {
  if (!r.raw_json.empty()) {
    Result<Value> raw = read_json(r.raw_json, "raw_json");
    if (raw) return std::move(raw).value();
  }
  if (!r.units_json.empty()) {
    Result<Value> units = read_json(r.units_json, "units_json");
    if (units) return std::move(units).value();
  }
  ObjectBuilder m;
  m.add("input_tokens", count_or_null(r.input_tokens));
  m.add("output_tokens", count_or_null(r.output_tokens));
  m.add("cache_read_tokens", count_or_null(r.cache_read_tokens));
  m.add("cache_write_tokens", count_or_null(r.cache_write_tokens));
  m.add("reasoning_tokens", count_or_null(r.reasoning_tokens));
  return m.finish();
}

Value price_value(const Cost& cost) {
  if (!cost.row) return {};
  ObjectBuilder m;
  m.add("provider", cost.row->provider);
  m.add("model", cost.row->model);
  m.add("source", cost.row->source);
  m.add("date", text_or_null(cost.row->date));
  m.add("prices", cost.row->prices);
  return m.finish();
}

// Where a parameter that is one reference as a whole comes from.
void add_source(const ParamTemplate& written, TraceResolution& r) {
  if (written.kind() != ParamTemplate::Kind::kWhole) return;
  r.source_node = written.path().head;
  for (const PathStep& step : written.path().steps)
    r.source_pointer = pointer_to(r.source_pointer, step.is_index() ? std::to_string(step.index) : step.key);
}

}  // namespace

Value error_value(const Failure& f) {
  ObjectBuilder m;
  m.add("code", f.node_code.empty() ? code_name(f.code) : std::string_view(f.node_code));
  m.add("message", f.message);
  m.add("hint", text_or_null(f.hint));
  m.add("origin_code", f.origin_code == 0 ? Value() : Value::integer(std::int64_t{f.origin_code}));
  m.add("retryable", Value::boolean(f.retryable));
  m.add("detail", f.detail);
  return m.finish();
}

const Value* primary_output(const PlanNode& node, const Call& call) {
  const OutputSpec* primary = node.type->primary_output();
  return primary == nullptr ? nullptr : call.staged().find(primary->name);
}

TraceCall trace_call_of(const PlanNode& node, const Call& call, SteadyTime run_start) {
  const Call::Times& times = call.times();
  TraceCall t;
  t.seq = call.identity().number;
  if (call.identity().parent != 0) t.parent = call.identity().parent;
  t.node_id = node.id;
  t.node_type = node.type->name;
  t.plugin = node.type->plugin_id;
  t.node = call.identity().node;
  t.start_ns = ns_between(run_start, times.started);
  t.duration_ns = ns_between(times.started, times.ended);
  t.success = !call.failure();
  t.action = call.action();
  if (call.failure()) t.error = error_value(*call.failure());
  t.attempt = call.attempt();
  t.visit = call.identity().visit;
  t.batch_index = call.identity().batch_index;
  if (call.params().is_object()) t.params = &call.params();  // else the templates could not be filled in
  for (const ParamSet::Param& p : node.params.params()) {
    if (p.spec != nullptr && p.spec->secret) t.secret_params.push_back(p.spec->name);
    if (p.value.is_constant()) continue;
    TraceResolution r;
    r.param = p.name.text();
    r.written = &p.value.source();
    add_source(p.value, r);
    t.resolutions.push_back(std::move(r));
  }
  return t;
}

TraceLlmUsage trace_usage(const LlmUsageReport& report, const MeteredUsage& metered, const LlmCall& entry) {
  TraceLlmUsage u;
  u.raw = raw_usage(report);
  u.usage = usage_value(metered.usage);
  u.provider = entry.provider;
  u.model = entry.model;
  u.cost_usd = usd_value(entry.cost_nano_usd);
  u.cost_basis = cost_basis_name(entry.cost_basis);
  u.price = price_value(metered.cost);
  return u;
}

}  // namespace pflow::host
