#include "host/cli/measurement.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <unordered_set>

#include "core/base/object_builder.hpp"
#include "core/trace/llm_totals.hpp"
#include "host/cli/environment.hpp"
#include "host/cli/price_options.hpp"
#include "host/cli/trace_files.hpp"
#include "host/instrument/sha256.hpp"

namespace pflow::host {
namespace {

std::vector<MetricsCollector::NodeName> names_of(const Plan& plan) {
  std::vector<MetricsCollector::NodeName> names;
  names.resize(plan.node_count());
  plan.for_each_node([&names](const PlanNode& node) { names[node.number] = {node.id, node.type->name}; });
  return names;
}

// 2026-11-24T09:30:00.123+01:00
std::string iso_time(SystemTime at) {
  const std::tm local = fmt::localtime(std::chrono::system_clock::to_time_t(at));
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count() % 1000;
  std::string zone = fmt::format("{:%z}", local);  // +0100
  zone.insert(zone.size() - 2, ":");
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}{}", local, ms, zone);
}

void take_limit(const char* name, std::size_t& limit, Problems& warnings) {
  const std::optional<std::string> text = environment(name);
  if (!text || text->empty()) return;
  std::size_t n = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), n);
  if (ec == std::errc() && end == text->data() + text->size()) {
    limit = n;
    return;
  }
  Error e;
  e.code = Code::kUsage;
  e.message = fmt::format("{} must be a whole number, not \"{}\"; it stays at {}", name, *text, limit);
  warnings.push_back(std::move(e));
}

TraceLimits trace_limits(Problems& warnings) {
  TraceLimits limits;
  take_limit("PFLOW_TRACE_PROMPT_MAX", limits.prompt_max, warnings);
  take_limit("PFLOW_TRACE_RESPONSE_MAX", limits.response_max, warnings);
  take_limit("PFLOW_TRACE_STORE_MAX", limits.store_max, warnings);
  take_limit("PFLOW_TRACE_LLM_CALLS_MAX", limits.llm_calls_max, warnings);
  return limits;
}

Value host_value() {
  ObjectBuilder m;
  m.add("version", PFLOW_VERSION);
  m.add("abi", fmt::format("{}.{}", PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR));
  m.add("platform", platform_name());
  return m.finish();
}

std::optional<std::int64_t> max_cost(const Options& options, const ir::Limits& limits) {
  std::optional<double> usd = limits.max_cost_usd;
  if (options.max_cost_usd && (!usd || *options.max_cost_usd < *usd)) usd = options.max_cost_usd;
  if (!usd) return std::nullopt;
  return nano_usd_of(*usd);
}

Value llm_summary(const MetricsCollector& metrics) {
  const MetricsCollector::Totals& totals = metrics.totals();
  LlmTotals all;
  all.calls = metrics.llm_calls().size();
  all.input_tokens = static_cast<std::uint64_t>(totals.tokens_input);
  all.output_tokens = static_cast<std::uint64_t>(totals.tokens_output);
  all.cost_nano_usd = totals.cost_nano_usd;
  all.cost_incomplete = metrics.cost_is_incomplete();
  for (const std::string_view model : metrics.model_names())
    all.models.emplace_back(model);
  return all.summary();
}

}  // namespace

namespace {

// The workflow itself, or a nested one.
bool limits_cost(const Plan& plan) {
  bool limited = plan.max_cost_usd.has_value();
  plan.for_each_node([&](const PlanNode& node) { limited |= node.child && node.child->plan->max_cost_usd; });
  return limited;
}

// Its answers come from a network, and are to be priced.
bool asks_a_server(const Plan& plan) {
  bool asks = false;
  plan.for_each_node([&](const PlanNode& node) { asks |= node.type->provider && node.type->uses_http; });
  return asks;
}

}  // namespace

bool wants_measurement(const Options& options, const Prepared& prepared) {
  return options.format == OutputFormat::kJson || options.trace || options.verbosity >= 1 || options.max_cost_usd ||
         limits_cost(*prepared.plan) || prepared.plan->reads_metering;
}

Measurement::Measurement(Session& session, const Prepared& prepared, Registry& registry,
                         std::unique_ptr<PriceBook> prices, SharedStore& store, RunControl& control, Problems& warnings)
    : session_(session),
      prepared_(prepared),
      registry_(registry),
      prices_(std::move(prices)),
      store_(store),
      control_(control),
      warnings_(warnings),
      max_cost_(max_cost(session.options(), prepared.workflow->limits)),
      metrics_(names_of(*prepared.plan)) {}

Instrumentation& Measurement::start(std::string_view run_id, RunObserver* next) {
  if (session_.options().trace) begin_trace(run_id);
  Instrumentation::Options options;
  options.max_cost_nano_usd = max_cost_;
  options.program_start = session_.report().program_start;
  options.run_id = run_id;
  options.next = next;
  options.trace = trace_ ? &*trace_ : nullptr;
  if (asks_a_server(*prepared_.plan)) price_reader_ = std::thread([this] { prices_->read_ahead(); });
  return instrumentation_.emplace(store_, control_, *prices_, metrics_, std::move(options));
}

void Measurement::begin_trace(std::string_view run_id) {
  const SystemTime now = std::chrono::system_clock::now();
  Result<std::unique_ptr<TraceFile>> file = TraceFile::create(
      trace_folder(),
      fmt::format("pflow-trace-workflow-{:%Y%m%d-%H%M%S}", fmt::localtime(std::chrono::system_clock::to_time_t(now))));
  if (!file) {
    Error e = std::move(file).error();
    e.message = "the run is not traced: " + e.message;
    warnings_.push_back(std::move(e));
    return;
  }
  trace_file_ = std::move(file).value();
  session_.report().trace_file = trace_file_->path();
  trace_.emplace(*trace_file_, session_.console().redactor(), trace_limits(warnings_), prepared_.plan->namespaced);
  TraceHeader header;
  header.execution_id = run_id;
  header.workflow_id = prepared_.plan->source_name;
  header.workflow_name = prepared_.plan->workflow_name;
  header.start_time = iso_time(now);
  header.host = host_value();
  header.plugins = plugins_value();
  for (const ir::BoundInput& input : prepared_.inputs) {
    if (input.secret) header.secret_inputs.push_back(input.name);
  }
  trace_->begin(header, store_);
}

// The libraries that the plan's nodes come from.
Value Measurement::plugins_value() {
  std::unordered_set<std::string_view> used;
  prepared_.plan->for_each_node([&used](const PlanNode& node) { used.insert(node.type->plugin_path); });
  std::vector<Value> list;
  for (const PluginRecord& record : registry_.plugins()) {
    const std::string path = record.path.string();
    if (record.error || used.count(path) == 0) continue;
    ObjectBuilder m;
    m.add("id", record.id);
    m.add("version", record.version);
    m.add("path", path);
    const Result<std::string> hash = sha256_of_file(record.path);
    m.add("sha256", hash ? Value::string(*hash) : Value());
    list.push_back(m.finish());
  }
  return Value::array(list);
}

void Measurement::finish(Outcome& outcome) {
  if (price_reader_.joinable()) price_reader_.join();
  RunReport& report = session_.report();
  report.metrics = &metrics_;
  report.run_ns = ns_between(instrumentation_->run_start(), std::chrono::steady_clock::now());
  for (Error& e : instrumentation_->take_problems())
    outcome.warnings.push_back(std::move(e));
  const bool passed_at_the_end = !control_.open() && !control_.cancelled() && outcome.errors.empty();
  if (passed_at_the_end) {
    Error e;
    e.code = Code::kBudgetExceeded;
    e.message = control_.reason().message + ": the last node went beyond";
    outcome.warnings.push_back(std::move(e));
  }
  if (const std::uint64_t untold = metrics_.untold_usages(); untold != 0) {
    Error e;
    e.code = Code::kUnknownUsage;
    e.message = fmt::format("{} did not tell what {} used: {} in no sum",
                            untold == 1 ? "1 answer" : fmt::format("{} answers", untold), untold == 1 ? "it" : "they",
                            untold == 1 ? "it is" : "they are");
    e.hint = "A stream that breaks off before its end, or a server that counts no tokens; the trace shows which.";
    outcome.warnings.push_back(std::move(e));
  }
  for (const std::string_view model : metrics_.unpriced_models()) {
    Error e;
    e.code = Code::kUnpricedModel;
    if (model == kNamelessModel) {
      e.message = "a node told of an LLM call and not of its model: the call is counted at gpt-4o-mini's price";
      e.hint = "Its usage needs a \"model\"; modelUsage and llm_calls call it \"unknown\".";
    } else {
      e.message = fmt::format("no price is known for the model \"{}\": its calls are counted at gpt-4o-mini's", model);
      e.hint = fmt::format("Give its price with --price {}=IN/OUT, in USD per million tokens.", model);
    }
    outcome.warnings.push_back(std::move(e));
  }
  for (const std::string& model : prices_->unused_overrides()) {
    Error e;
    e.code = Code::kUnusedPrice;
    e.message = fmt::format("--price {}: no call used this model", model);
    outcome.warnings.push_back(std::move(e));
  }
  if (const auto old = price_data_age_warning(*prices_, std::chrono::system_clock::now()))
    outcome.warnings.push_back(*old);
  if (trace_) end_trace(outcome);
}

void Measurement::end_trace(Outcome& outcome) {
  TraceEnd end;
  end.end_time = iso_time(std::chrono::system_clock::now());
  end.duration_ms = static_cast<double>(session_.report().run_ns) / 1e6;
  end.final_status = run_status_name(outcome.status);
  end.nodes_executed = metrics_.totals().nodes_executed;
  end.nodes_failed = instrumentation_->failed_calls();
  end.llm_summary = llm_summary(metrics_);
  trace_->finish(end);
  if (trace_->failed()) {
    Error e;
    e.code = Code::kIo;
    e.message = fmt::format("the trace {} ends before the run did: it could not be written further",
                            trace_file_->path().string());
    e.hint = "Check the space left there, or name another folder with PFLOW_DEBUG_DIR.";
    outcome.warnings.push_back(std::move(e));
  } else {
    session_.console().note(fmt::format("trace: {}", trace_file_->path().string()));
  }
}

}  // namespace pflow::host
