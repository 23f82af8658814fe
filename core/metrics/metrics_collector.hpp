#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/value.hpp"
#include "core/metrics/llm_call.hpp"

namespace pflow {

/// What one node did in a run, all its calls together.
struct NodeMetrics {
  std::uint64_t calls = 0;  ///< loop visits times batch items
  std::uint64_t attempts = 0;
  std::uint64_t failures = 0;  ///< calls that ended as a failure
  std::int64_t total_ns = 0;
  std::int64_t min_ns = 0;
  std::int64_t max_ns = 0;
  std::int64_t cost_nano_usd = 0;
  std::int64_t tokens_input = 0;
  std::int64_t tokens_output = 0;
  std::int64_t http_bytes_in = 0;
};

/// Takes the run's measurements and sums them up: per node, per model and in total. Costs are sums of whole
/// nano-dollars, so parts add up to totals exactly. Memory: one record a node and one a usage. Not thread-safe.
class MetricsCollector {
 public:
  struct NodeName {
    std::string_view id;    ///< lives as long as the collector
    std::string_view type;  ///< the node type that it resolved to
  };

  /// What a model cost and used, all its calls together; one for each model and basis of its cost.
  struct ModelMetrics {
    std::string model;
    std::string provider;
    CostBasis cost_basis = CostBasis::kList;
    std::int64_t context_window = 0;
    std::int64_t input = 0;  ///< exclusive counts, as all of these
    std::int64_t cache_creation = 0;
    std::int64_t cache_read = 0;
    std::int64_t output = 0;
    std::int64_t web_searches = 0;
    std::int64_t cost_nano_usd = 0;
  };

  struct Totals {
    std::int64_t cost_nano_usd = 0;
    std::int64_t tokens_input = 0;
    std::int64_t tokens_output = 0;
    std::int64_t api_ns = 0;  ///< LLM calls, added up: may exceed the run
    std::uint64_t nodes_executed = 0;
  };

  explicit MetricsCollector(std::vector<NodeName> nodes);
  MetricsCollector(const MetricsCollector&) = delete;
  MetricsCollector& operator=(const MetricsCollector&) = delete;

  /// A call of node `index` ended. O(1), no allocation.
  void call_ended(std::uint32_t index, std::int64_t duration_ns, std::uint32_t attempts, bool failed) noexcept {
    NodeMetrics& n = nodes_[index];
    if (n.calls++ == 0) {
      ++totals_.nodes_executed;
      n.min_ns = duration_ns;
    }
    n.attempts += attempts;
    n.failures += failed ? 1 : 0;
    n.total_ns += duration_ns;
    n.min_ns = duration_ns < n.min_ns ? duration_ns : n.min_ns;
    n.max_ns = duration_ns > n.max_ns ? duration_ns : n.max_ns;
  }

  /// A node made an LLM call.
  void llm_called(std::uint32_t index, LlmCall call);
  /// A provider answered, and did not tell what the answer used: it is in no sum.
  void usage_untold() noexcept { ++untold_usages_; }

  void http_called(std::uint32_t index, std::int64_t bytes_in) noexcept;

  [[nodiscard]] const Totals& totals() const noexcept { return totals_; }

  [[nodiscard]] const std::vector<LlmCall>& llm_calls() const noexcept { return llm_calls_; }

  [[nodiscard]] const NodeMetrics& node(std::uint32_t index) const noexcept { return nodes_[index]; }

  [[nodiscard]] const std::vector<ModelMetrics>& models() const noexcept { return models_; }

  [[nodiscard]] std::vector<std::string_view> model_names() const;  ///< each once, in the order first seen

  [[nodiscard]] std::uint64_t untold_usages() const noexcept { return untold_usages_; }

  /// Something is missing from the cost, or stands in it at another model's price.
  [[nodiscard]] bool cost_is_incomplete() const { return untold_usages_ != 0 || !unpriced_models().empty(); }

  [[nodiscard]] std::vector<std::string_view> unpriced_models() const;  ///< priced as something else, each once

  /// `__llm_calls__`. O(entries).
  [[nodiscard]] Value llm_calls_value() const;

  /// `__metrics__`, and `metrics` of the JSON line. `run_ns` is how long the workflow ran, `total_ns` the program.
  /// Without `of_nodes`, what is told node by node is left out: O(models) then, else O(nodes).
  [[nodiscard]] Value metrics_value(std::int64_t run_ns, std::int64_t total_ns, bool of_nodes = true) const;

  /// `usage` of the JSON line: Anthropic's exclusive meaning.
  [[nodiscard]] Value usage_value() const;

  /// `modelUsage` of the JSON line.
  [[nodiscard]] Value model_usage_value() const;

 private:
  [[nodiscard]] ModelMetrics& model_of(const LlmCall& call);

  std::vector<NodeName> names_;
  std::vector<NodeMetrics> nodes_;
  std::vector<LlmCall> llm_calls_;
  std::vector<ModelMetrics> models_;  // in the order first seen: a run uses a handful
  Totals totals_;
  std::uint64_t untold_usages_ = 0;
};

}  // namespace pflow
