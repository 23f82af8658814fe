#include "core/metrics/metrics_collector.hpp"

#include <algorithm>

#include "core/base/object_builder.hpp"
#include "core/base/saturating.hpp"
#include "core/metrics/duration.hpp"
#include "core/pricing/usage.hpp"

namespace pflow {
namespace {

void grow(std::int64_t& sum, std::int64_t by) noexcept {
  sum = saturating_add(sum, by);
}

Value count_value(std::uint64_t n) {
  return Value::integer(n);
}

Value node_value(std::string_view type, const NodeMetrics& n) {
  ObjectBuilder m;
  m.add("type", type);
  m.add("calls", count_value(n.calls));
  m.add("attempts", count_value(n.attempts));
  m.add("failures", count_value(n.failures));
  m.add("total_ms", ms_value(n.total_ns));
  m.add("min_ms", ms_value(n.min_ns));
  m.add("max_ms", ms_value(n.max_ns));
  m.add("cost_usd", usd_value(n.cost_nano_usd));
  m.add("tokens_input", Value::integer(n.tokens_input));
  m.add("tokens_output", Value::integer(n.tokens_output));
  m.add("http_bytes_in", Value::integer(n.http_bytes_in));
  return m.finish();
}

void add(const MetricsCollector::ModelMetrics& more, MetricsCollector::ModelMetrics& sum) noexcept {
  grow(sum.input, more.input);
  grow(sum.cache_creation, more.cache_creation);
  grow(sum.cache_read, more.cache_read);
  grow(sum.output, more.output);
  grow(sum.web_searches, more.web_searches);
  grow(sum.cost_nano_usd, more.cost_nano_usd);
}

void add_sums(ObjectBuilder& m, const MetricsCollector::Totals& totals) {
  m.add("cost_usd", usd_value(totals.cost_nano_usd));
  m.add("tokens_input", Value::integer(totals.tokens_input));
  m.add("tokens_output", Value::integer(totals.tokens_output));
  m.add("tokens_total", Value::integer(saturating_add(totals.tokens_input, totals.tokens_output)));
}

}  // namespace

MetricsCollector::MetricsCollector(std::vector<NodeName> nodes) : names_(std::move(nodes)), nodes_(names_.size()) {}

void MetricsCollector::http_called(std::uint32_t index, std::int64_t bytes_in) noexcept {
  grow(nodes_[index].http_bytes_in, bytes_in);
}

MetricsCollector::ModelMetrics& MetricsCollector::model_of(const LlmCall& call) {
  const auto known = std::find_if(models_.begin(), models_.end(), [&](const ModelMetrics& m) {
    return m.model == call.model && m.provider == call.provider && m.cost_basis == call.cost_basis;
  });
  if (known != models_.end()) return *known;
  ModelMetrics& m = models_.emplace_back();
  m.model = call.model;
  m.provider = call.provider;
  m.cost_basis = call.cost_basis;
  m.context_window = call.context_window;
  return m;
}

void MetricsCollector::llm_called(std::uint32_t index, LlmCall call) {
  NodeMetrics& n = nodes_[index];
  grow(n.cost_nano_usd, call.cost_nano_usd);
  grow(n.tokens_input, call.input_tokens);
  grow(n.tokens_output, call.output_tokens);
  grow(totals_.cost_nano_usd, call.cost_nano_usd);
  grow(totals_.tokens_input, call.input_tokens);
  grow(totals_.tokens_output, call.output_tokens);
  grow(totals_.api_ns, call.duration_ns);
  const ExclusiveTokens tokens = exclusive_tokens(call.input_tokens, call.cache_creation_input_tokens,
                                                  call.cache_read_input_tokens, call.output_tokens);
  ModelMetrics& m = model_of(call);
  grow(m.input, tokens.input);
  grow(m.cache_creation, tokens.cache_creation);
  grow(m.cache_read, tokens.cache_read);
  grow(m.output, tokens.output);
  grow(m.web_searches, call.web_searches);
  grow(m.cost_nano_usd, call.cost_nano_usd);
  llm_calls_.push_back(std::move(call));
}

std::vector<std::string_view> MetricsCollector::unpriced_models() const {
  std::vector<std::string_view> names;
  for (const ModelMetrics& m : models_) {
    const bool known = m.cost_basis != CostBasis::kUnknown;
    if (!known && std::find(names.begin(), names.end(), m.model) == names.end()) names.emplace_back(m.model);
  }
  return names;
}

std::vector<std::string_view> MetricsCollector::model_names() const {
  std::vector<std::string_view> names;
  for (const ModelMetrics& m : models_) {
    if (std::find(names.begin(), names.end(), m.model) == names.end()) names.emplace_back(m.model);
  }
  return names;
}

Value MetricsCollector::llm_calls_value() const {
  std::vector<Value> list;
  list.reserve(llm_calls_.size());
  for (const LlmCall& call : llm_calls_)
    list.push_back(llm_call_value(call));
  return Value::array(list);
}

Value MetricsCollector::metrics_value(std::int64_t run_ns, std::int64_t total_ns, bool of_nodes) const {
  ObjectBuilder timings;
  ObjectBuilder nodes;
  for (std::size_t i = 0; of_nodes && i < nodes_.size(); ++i) {
    if (nodes_[i].calls == 0) continue;
    timings.add(names_[i].id, ms_value(nodes_[i].total_ns));
    nodes.add(names_[i].id, node_value(names_[i].type, nodes_[i]));
  }
  std::vector<Value> models;
  for (const std::string_view name : model_names())
    models.push_back(Value::string(name));
  ObjectBuilder workflow;
  workflow.add("duration_ms", ms_value(run_ns));
  workflow.add("nodes_executed", count_value(totals_.nodes_executed));
  add_sums(workflow, totals_);
  workflow.add("models_used", Value::array(models));
  workflow.add("node_timings", timings.finish());
  workflow.add("nodes", nodes.finish());
  ObjectBuilder total;
  total.add("duration_ms", ms_value(total_ns));
  add_sums(total, totals_);
  ObjectBuilder m;
  m.add("planner", Value());
  m.add("workflow", workflow.finish());
  m.add("total", total.finish());
  return m.finish();
}

Value MetricsCollector::usage_value() const {
  ModelMetrics sum;
  for (const ModelMetrics& m : models_)
    add(m, sum);
  ObjectBuilder m;
  m.add("input_tokens", Value::integer(sum.input));
  m.add("cache_creation_input_tokens", Value::integer(sum.cache_creation));
  m.add("cache_read_input_tokens", Value::integer(sum.cache_read));
  m.add("output_tokens", Value::integer(sum.output));
  if (sum.web_searches != 0) {
    ObjectBuilder tools;
    tools.add("web_search_requests", Value::integer(sum.web_searches));
    m.add("server_tool_use", tools.finish());
  }
  return m.finish();
}

Value MetricsCollector::model_usage_value() const {
  // One entry a model, whatever lists its calls were priced by: the weakest basis is told.
  std::vector<ModelMetrics> merged;
  for (const ModelMetrics& m : models_) {
    const auto same =
        std::find_if(merged.begin(), merged.end(), [&](const ModelMetrics& other) { return other.model == m.model; });
    if (same == merged.end()) {
      merged.push_back(m);
      continue;
    }
    add(m, *same);
    if (m.cost_basis == CostBasis::kUnknown) same->cost_basis = CostBasis::kUnknown;
  }
  ObjectBuilder all;
  for (const ModelMetrics& m : merged) {
    ObjectBuilder one;
    one.add("inputTokens", Value::integer(m.input));
    one.add("outputTokens", Value::integer(m.output));
    one.add("cacheReadInputTokens", Value::integer(m.cache_read));
    one.add("cacheCreationInputTokens", Value::integer(m.cache_creation));
    one.add("webSearchRequests", Value::integer(m.web_searches));
    one.add("contextWindow", Value::integer(m.context_window));
    one.add("maxOutputTokens", Value::integer(std::int64_t{0}));
    one.add("costUSD", usd_value(m.cost_nano_usd));
    one.add("provider", m.provider);
    one.add("costBasis", cost_basis_name(m.cost_basis));
    all.add(m.model, one.finish());
  }
  return all.finish();
}

}  // namespace pflow
