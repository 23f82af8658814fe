#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/metrics/metrics_collector.hpp"
#include "core/pricing/price_book.hpp"
#include "core/store/host_values.hpp"
#include "core/trace/workflow_trace.hpp"

namespace pflow::host {

/// Hands what a measured run does to its collectors: the engine tells it of calls, plugins of usage and logs. Watches
/// the budget. Completes each `llm_usage` output with its cost. Made only for a run that is measured.
class Instrumentation final : public RunObserver, public CallEvents, public HostValues {
 public:
  struct Options {
    std::optional<std::int64_t> max_cost_nano_usd;  ///< the run is closed once it has cost more
    SteadyTime program_start;
    std::string run_id;
    RunObserver* next = nullptr;              ///< told everything too; borrowed
    WorkflowTraceCollector* trace = nullptr;  ///< borrowed
  };

  /// All borrowed.
  Instrumentation(SharedStore& store, RunControl& control, const PriceBook& prices, MetricsCollector& metrics,
                  Options options);
  Instrumentation(const Instrumentation&) = delete;
  Instrumentation& operator=(const Instrumentation&) = delete;
  ~Instrumentation() override;

  // The engine's thread.
  void call_started(const PlanNode& node, const Call& call) override;
  void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) override;
  void call_settled(const PlanNode& node, const Call& call) override;
  void call_ended(const PlanNode& node, const Call& call) override;
  void batch_started(const PlanNode& node, std::size_t items) override;
  void batch_ended(const PlanNode& node) override;

  // Any thread.
  [[nodiscard]] LogLevel log_level() const noexcept override;
  void log(const Call* call, LogLevel level, std::string_view message, std::string_view fields_json) override;

  void chunk(const Call&, std::string_view, std::string_view) override {}

  void emitted(const Call&, std::string_view, const Value&) override {}

  [[nodiscard]] bool meters() const noexcept override { return true; }

  void llm_usage(const Call& call, LlmUsageReport report) override;

  void http_exchange(const Call& call, HttpReport report) override;

  void secret_resolved(std::string_view, const Value&) override {}

  void late_fault(std::string_view) override {}

  [[nodiscard]] Value value(std::string_view name, std::span<const std::string_view> keys) const override;

  /// After the run: what was odd about usages and prices, each once.
  [[nodiscard]] Problems take_problems();

  [[nodiscard]] std::uint64_t failed_calls() const noexcept { return failed_calls_; }

  [[nodiscard]] SteadyTime run_start() const noexcept { return run_start_; }

 private:
  using Key = std::uint64_t;  // a call's number

  // A call of which something was told besides that it began and ended.
  struct Told {
    std::vector<LlmUsageReport> reports;  // of the current attempt
    std::vector<TraceLog> logs;
    std::vector<HttpReport> http;  // of all attempts; kept for a trace only
    // The rest is for the trace and for `llm_usage`, and kept by the engine's thread.
    std::vector<TraceLlmUsage> usages;
    std::vector<TraceRetry> retries;
    std::int64_t http_bytes_in = 0;  // of all attempts
    std::int64_t cost_nano_usd = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    std::uint32_t settled_attempt = 0;  // the last that failed and was to be tried again
    bool used_llm = false;
  };

  // A call that runs a nested workflow.
  struct Nested {
    const PlanNode* node = nullptr;
    std::uint64_t parent = 0;
    std::int64_t cost_nano_usd = 0;
    std::optional<std::int64_t> max_cost_nano_usd;
  };

  [[nodiscard]] static Key key_of(const Call& call) noexcept;

  // The caller holds mutex_.
  void settle_attempt(const PlanNode& node, const Call& call);
  void meter_all(const PlanNode& node, const Call& call, const std::vector<LlmUsageReport>& reports, UsageSource source,
                 Told& told);
  void meter(const PlanNode& node, const Call& call, const LlmUsageReport& report, UsageSource source, bool first,
             Told& told);
  void note_problems(const PlanNode& node, Problems problems);
  void note_problem(Error e);
  void watch_budget();
  void charge_nested(std::uint64_t parent, std::int64_t nano_usd);
  void close_for_cost(std::string_view what, std::int64_t cost, std::int64_t limit, std::string_view hint);

  void complete_usage_output(const PlanNode& node, const Call& call, const Told& told);
  void trace_call(const PlanNode& node, const Call& call, Told& told);

  SharedStore& store_;
  RunControl& control_;
  const PriceBook& prices_;
  MetricsCollector& metrics_;
  Options options_;
  SteadyTime run_start_;
  SystemTime run_start_system_;
  std::uint64_t failed_calls_ = 0;

  mutable std::mutex mutex_;  // the collector, what was told, the problems
  std::map<Key, Told> told_;
  std::unordered_map<Key, Nested> nested_;
  Problems problems_;
};

}  // namespace pflow::host
