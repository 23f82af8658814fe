#include "host/instrument/instrumentation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/object_builder.hpp"
#include "core/engine/outcome.hpp"
#include "host/instrument/trace_call.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kMaxLogsOfCall = 2'000;
constexpr std::size_t kMaxHttpOfCall = 2'000;
constexpr std::size_t kMaxUsagesOfAttempt = 1'000'000;
constexpr std::size_t kMaxProblems = 20;

std::string_view provider_of(const NodeType& type) noexcept {
  return type.provider ? std::string_view(type.provider->name) : std::string_view();
}

// An `llm_usage` output with what the host knows of its cost.
Value with_cost(const Value& usage, std::int64_t nano_usd) {
  constexpr std::string_view kCost = "cost_usd";
  ObjectBuilder m;
  for (const Member& member : usage.members()) {
    if (member.name() != kCost) m.add(member.name(), member.value);
  }
  m.add(kCost, usd_value(nano_usd));
  return m.finish();
}

}  // namespace

Instrumentation::Instrumentation(SharedStore& store, RunControl& control, const PriceBook& prices,
                                 MetricsCollector& metrics, Options options)
    : store_(store),
      control_(control),
      prices_(prices),
      metrics_(metrics),
      options_(std::move(options)),
      run_start_(std::chrono::steady_clock::now()),
      run_start_system_(std::chrono::system_clock::now()) {
  store_.set_host_values(this);
}

Instrumentation::~Instrumentation() {
  store_.set_host_values(nullptr);
}

Instrumentation::Key Instrumentation::key_of(const Call& call) noexcept {
  return call.identity().number;
}

void Instrumentation::call_started(const PlanNode& node, const Call& call) {
  if (node.child) {
    Nested nested;
    nested.node = &node;
    nested.parent = call.identity().parent;
    if (node.child->plan->max_cost_usd) nested.max_cost_nano_usd = nano_usd_of(*node.child->plan->max_cost_usd);
    const std::lock_guard lock(mutex_);
    nested_[key_of(call)] = nested;
  }
  if (options_.next != nullptr) options_.next->call_started(node, call);
}

void Instrumentation::attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) {
  {
    const std::lock_guard lock(mutex_);
    settle_attempt(node, call);
    Told& told = told_[key_of(call)];
    told.settled_attempt = call.attempt();
    if (options_.trace != nullptr) {
      if (node.child) options_.trace->nested_over(key_of(call));
      told.retries.push_back({call.attempt(), error_value(*call.failure()), wait.count()});
    }
  }
  if (options_.next != nullptr) options_.next->attempt_failed(node, call, wait);
}

// Before its outputs are read: `llm_usage` gets its cost.
void Instrumentation::call_settled(const PlanNode& node, const Call& call) {
  const Call::Times& times = call.times();
  bool used_llm = false;
  Told sums;
  {
    const std::lock_guard lock(mutex_);
    settle_attempt(node, call);
    metrics_.call_ended(node.number, ns_between(times.started, times.ended), call.attempt(),
                        call.failure().has_value());
    const auto known = told_.find(key_of(call));
    if (known != told_.end() && known->second.http_bytes_in != 0) {
      metrics_.http_called(node.number, known->second.http_bytes_in);
    }
    if (known != told_.end() && known->second.used_llm) {
      used_llm = true;
      sums.cost_nano_usd = known->second.cost_nano_usd;
      sums.input_tokens = known->second.input_tokens;
      sums.output_tokens = known->second.output_tokens;
    }
  }
  failed_calls_ += call.failure() ? 1 : 0;
  if (used_llm) complete_usage_output(node, call, sums);
  if (options_.next != nullptr) options_.next->call_settled(node, call);
}

void Instrumentation::call_ended(const PlanNode& node, const Call& call) {
  Told told;
  {
    const std::lock_guard lock(mutex_);
    if (auto known = told_.extract(key_of(call))) told = std::move(known.mapped());
    if (node.child) nested_.erase(key_of(call));
  }
  if (options_.trace != nullptr) {
    if (node.child) options_.trace->nested_over(key_of(call));
    trace_call(node, call, told);
  }
  if (options_.next != nullptr) options_.next->call_ended(node, call);
}

void Instrumentation::batch_started(const PlanNode& node, std::size_t items) {
  if (options_.next != nullptr) options_.next->batch_started(node, items);
}

void Instrumentation::batch_ended(const PlanNode& node) {
  if (options_.next != nullptr) options_.next->batch_ended(node);
}

// What an attempt reported counts; else what it wrote as `llm_usage`, whether or not that reaches the store.
void Instrumentation::settle_attempt(const PlanNode& node, const Call& call) {
  if (node.child) return;  // its nodes' own calls have been counted
  const auto known = told_.find(key_of(call));
  if (known != told_.end() && known->second.settled_attempt == call.attempt()) return;  // its retry was given up
  if (known != told_.end() && !known->second.reports.empty()) {
    const std::vector<LlmUsageReport> reports = std::exchange(known->second.reports, {});
    return meter_all(node, call, reports, UsageSource::kReported, known->second);
  }
  const Value* written = call.abandoned() ? nullptr : call.staged().find(kLlmUsageOutput);
  if (written == nullptr) return;
  Problems odd;
  const std::vector<LlmUsageReport> reports = usage_from_output(*written, odd);
  note_problems(node, std::move(odd));
  if (!reports.empty()) meter_all(node, call, reports, UsageSource::kOutput, told_[key_of(call)]);
}

void Instrumentation::meter_all(const PlanNode& node, const Call& call, const std::vector<LlmUsageReport>& reports,
                                UsageSource source, Told& told) {
  bool first = true;
  for (const LlmUsageReport& report : reports)
    meter(node, call, report, source, std::exchange(first, false), told);
  watch_budget();
}

// What a call has cost counts in each of the nested workflows that it is part of.
void Instrumentation::charge_nested(std::uint64_t parent, std::int64_t nano_usd) {
  while (parent != 0) {
    const auto at = nested_.find(parent);
    if (at == nested_.end()) return;
    Nested& nested = at->second;
    nested.cost_nano_usd = saturating_add(nested.cost_nano_usd, nano_usd);
    if (nested.max_cost_nano_usd && nested.cost_nano_usd > *nested.max_cost_nano_usd) {
      close_for_cost(fmt::format("the nested workflow of node \"{}\"", nested.node->id), nested.cost_nano_usd,
                     *nested.max_cost_nano_usd, "Raise limits.max_cost_usd of that workflow if it may cost more.");
    }
    parent = nested.parent;
  }
}

void Instrumentation::meter(const PlanNode& node, const Call& call, const LlmUsageReport& report, UsageSource source,
                            bool first, Told& told) {
  const Call::Times& times = call.times();
  const auto since_start = std::chrono::duration_cast<SystemTime::duration>(times.attempt_started - run_start_);
  const std::string_view known_provider = provider_of(*node.type);
  LlmUsageReport asked;
  const bool nameless = report.provider.empty() && !known_provider.empty();
  if (nameless) {
    asked = report;
    asked.provider = known_provider;
  }
  MeteredUsage metered = prices_.meter(nameless ? asked : report, run_start_system_ + since_start);
  note_problems(node, std::move(metered.problems));
  note_problems(node, std::move(metered.cost.problems));
  if (!metered.told && metered.cost.basis != CostBasis::kProvider) {  // nothing to count
    if (node.type->provider) metrics_.usage_untold();
    return;
  }

  LlmCall entry;
  entry.call_id = fmt::format("{}-{}", options_.run_id, metrics_.llm_calls().size() + 1);
  entry.node_id = node.id;
  entry.provider = metered.provider.empty() ? std::string(kNamelessModel) : metered.provider;
  entry.model = metered.model.empty() ? std::string(kNamelessModel) : metered.model;
  entry.requested_model = metered.requested_model.empty() ? entry.model : metered.requested_model;
  entry.input_tokens = metered.usage.count("input_tokens");
  entry.output_tokens = metered.usage.count("output_tokens");
  entry.cache_creation_input_tokens = metered.usage.count("cache_write_tokens");
  entry.cache_read_input_tokens = metered.usage.count("cache_read_tokens");
  entry.reasoning_tokens = metered.usage.count("output_reasoning_tokens");
  entry.web_searches = metered.usage.count("web_searches");
  entry.cost_nano_usd = metered.cost.nano_usd;
  entry.cost_basis = metered.cost.basis;
  if (metered.cost.row && metered.cost.basis == CostBasis::kList) {
    entry.context_window = metered.cost.row->context_window;
  }
  entry.duration_ns = first ? ns_between(times.attempt_started, times.ended) : 0;
  entry.attempt = call.attempt();
  entry.batch_index = call.identity().batch_index;
  entry.usage_source = report.estimated ? UsageSource::kEstimated : source;

  charge_nested(call.identity().parent, entry.cost_nano_usd);
  told.used_llm = true;
  told.cost_nano_usd = saturating_add(told.cost_nano_usd, entry.cost_nano_usd);
  told.input_tokens = saturating_add(told.input_tokens, entry.input_tokens);
  told.output_tokens = saturating_add(told.output_tokens, entry.output_tokens);
  if (options_.trace != nullptr) told.usages.push_back(trace_usage(report, metered, entry));
  metrics_.llm_called(node.number, std::move(entry));
}

void Instrumentation::note_problems(const PlanNode& node, Problems problems) {
  for (Error& e : problems) {
    e.message = fmt::format("node \"{}\": {}", node.id, e.message);
    e.node_id = node.id;
    note_problem(std::move(e));
  }
}

void Instrumentation::note_problem(Error e) {
  if (problems_.size() >= kMaxProblems) return;
  if (std::find(problems_.begin(), problems_.end(), e) == problems_.end()) problems_.push_back(std::move(e));
}

void Instrumentation::watch_budget() {
  const std::int64_t cost = metrics_.totals().cost_nano_usd;
  if (!options_.max_cost_nano_usd || cost <= *options_.max_cost_nano_usd) return;
  close_for_cost("the run", cost, *options_.max_cost_nano_usd,
                 "Raise --max-cost-usd or limits.max_cost_usd if the run may cost more.");
}

void Instrumentation::close_for_cost(std::string_view what, std::int64_t cost, std::int64_t limit,
                                     std::string_view hint) {
  Failure f;
  f.code = Code::kBudgetExceeded;
  f.kind = FailureKind::kCancelled;  // neither a retry nor an edge leads on
  f.message = fmt::format("{} has cost {}, and its limit is {}", what, usd_text(cost), usd_text(limit));
  f.hint = hint;
  control_.close(std::move(f));
}

// The store's value, completed: what a template reads is what the run is charged for.
void Instrumentation::complete_usage_output(const PlanNode& node, const Call& call, const Told& told) {
  const Value* written = call.staged().find(kLlmUsageOutput);
  const bool committed = !call.abandoned() && !(call.failure() && call.failure()->kind == FailureKind::kCancelled);
  if (!committed) return;
  const bool describes_it = node.type->open_outputs || node.type->output(kLlmUsageOutput) != nullptr;
  if (written != nullptr && written->is_object()) {
    call.scope().commit(committed_key(node, call, kLlmUsageOutput), with_cost(*written, told.cost_nano_usd));
  } else if (written == nullptr && describes_it) {  // it reported and wrote nothing: its sums
    ObjectBuilder sums;
    sums.add("input_tokens", Value::integer(told.input_tokens));
    sums.add("output_tokens", Value::integer(told.output_tokens));
    sums.add("total_tokens", Value::integer(saturating_add(told.input_tokens, told.output_tokens)));
    sums.add("cost_usd", usd_value(told.cost_nano_usd));
    call.scope().commit(committed_key(node, call, kLlmUsageOutput), sums.finish());
  }
}

void Instrumentation::trace_call(const PlanNode& node, const Call& call, Told& told) {
  TraceCall t = trace_call_of(node, call, run_start_);
  t.llm = std::move(told.usages);
  if (!t.llm.empty()) t.response = primary_output(node, call);
  t.retries = std::move(told.retries);
  t.logs = std::move(told.logs);
  t.http = std::move(told.http);
  options_.trace->call_ended(t, call.scope().store());
}

LogLevel Instrumentation::log_level() const noexcept {
  return options_.trace != nullptr ? LogLevel::kDebug : LogLevel::kOff;
}

void Instrumentation::log(const Call* call, LogLevel level, std::string_view message, std::string_view fields_json) {
  if (call == nullptr || options_.trace == nullptr || level < log_level()) return;
  const std::lock_guard lock(mutex_);
  std::vector<TraceLog>& logs = told_[key_of(*call)].logs;
  if (logs.size() >= kMaxLogsOfCall) return;
  const double ms = static_cast<double>(ns_between(run_start_, std::chrono::steady_clock::now())) / 1e6;
  logs.push_back({ms, log_level_name(level), std::string(message), std::string(fields_json)});
}

void Instrumentation::llm_usage(const Call& call, LlmUsageReport report) {
  const std::lock_guard lock(mutex_);
  std::vector<LlmUsageReport>& reports = told_[key_of(call)].reports;
  if (reports.size() < kMaxUsagesOfAttempt) return reports.push_back(std::move(report));
  Error e;
  e.code = Code::kTooLarge;
  e.message = fmt::format("node \"{}\": reported more than {} usages in one attempt; the rest is not counted",
                          call.identity().node_id, kMaxUsagesOfAttempt);
  e.node_id = call.identity().node_id;
  note_problem(std::move(e));
}

void Instrumentation::http_exchange(const Call& call, HttpReport report) {
  const std::lock_guard lock(mutex_);
  Told& told = told_[key_of(call)];
  told.http_bytes_in = saturating_add(told.http_bytes_in, report.bytes_in);
  if (options_.trace != nullptr && told.http.size() < kMaxHttpOfCall) told.http.push_back(std::move(report));
}

Value Instrumentation::value(std::string_view name, std::span<const std::string_view> keys) const {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (name == kLlmCallsName) return metrics_.llm_calls_value();
  const bool of_nodes = keys.empty() || (keys[0] == "workflow" && (keys.size() == 1 || keys[1].starts_with("node")));
  return metrics_.metrics_value(ns_between(run_start_, now), ns_between(options_.program_start, now), of_nodes);
}

Problems Instrumentation::take_problems() {
  const std::lock_guard lock(mutex_);
  return std::exchange(problems_, {});
}

}  // namespace pflow::host
