#include "core/metrics/metrics_collector.hpp"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"

namespace pflow {
namespace {

using Nodes = std::vector<MetricsCollector::NodeName>;

constexpr std::int64_t kMs = 1'000'000;

LlmCall llm_call(std::string model, std::int64_t input, std::int64_t output, std::int64_t nano_usd) {
  LlmCall c;
  c.call_id = "run-1";
  c.node_id = "ask";
  c.provider = "anthropic";
  c.model = c.requested_model = std::move(model);
  c.input_tokens = input;
  c.output_tokens = output;
  c.cost_nano_usd = nano_usd;
  c.duration_ns = 2'876 * kMs;
  return c;
}

const Value& at(const Value& v, std::initializer_list<std::string_view> path) {
  const Value* found = &v;
  for (const std::string_view key : path) {
    found = found->find(key);
    BOOST_REQUIRE_MESSAGE(found != nullptr, "no " << key);
  }
  return *found;
}

std::string json_at(const Value& v, std::initializer_list<std::string_view> path) {
  return to_json(at(v, path));
}

BOOST_AUTO_TEST_SUITE(metrics_collector)

BOOST_AUTO_TEST_CASE(a_run_in_which_nothing_ran_has_the_same_shape) {
  const MetricsCollector metrics({});
  BOOST_TEST(
      to_json(metrics.metrics_value(0, 0)) ==
      R"({"planner":null,"workflow":{"duration_ms":0.0,"nodes_executed":0,"cost_usd":0.0,"tokens_input":0,)"
      R"("tokens_output":0,"tokens_total":0,"models_used":[],"node_timings":{},"nodes":{}},"total":{"duration_ms":)"
      R"(0.0,"cost_usd":0.0,"tokens_input":0,"tokens_output":0,"tokens_total":0}})");
  BOOST_TEST(to_json(metrics.usage_value()) ==
             R"({"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0})");
  BOOST_TEST(to_json(metrics.model_usage_value()) == "{}");
  BOOST_TEST(to_json(metrics.llm_calls_value()) == "[]");
}

BOOST_AUTO_TEST_CASE(a_nodes_time_is_the_sum_over_its_calls) {
  MetricsCollector metrics(Nodes{{"loop", "echo"}, {"never", "echo"}});
  metrics.call_ended(0, 20 * kMs, 1, false);
  metrics.call_ended(0, 10 * kMs, 3, true);
  metrics.call_ended(0, 12'345'678, 1, false);
  const Value m = metrics.metrics_value(50 * kMs, 60 * kMs);
  BOOST_TEST(json_at(m, {"workflow", "node_timings"}) == R"({"loop":42.35})");
  BOOST_TEST(json_at(m, {"workflow", "nodes"}) ==
             R"({"loop":{"type":"echo","calls":3,"attempts":5,"failures":1,"total_ms":42.35,"min_ms":10.0,)"
             R"("max_ms":20.0,"cost_usd":0.0,"tokens_input":0,"tokens_output":0,"http_bytes_in":0}})");
  BOOST_TEST(json_at(m, {"workflow", "nodes_executed"}) == "1");
  BOOST_TEST(json_at(m, {"workflow", "duration_ms"}) == "50.0");
  BOOST_TEST(json_at(m, {"total", "duration_ms"}) == "60.0");
}

BOOST_AUTO_TEST_CASE(every_llm_call_is_an_entry) {
  MetricsCollector metrics(Nodes{{"ask", "llm.anthropic"}});
  LlmCall call = llm_call("claude-sonnet-4-5", 4000, 500, 19'500'000);
  call.cache_read_input_tokens = 1000;
  call.reasoning_tokens = 20;
  call.batch_index = 7;
  call.attempt = 2;
  metrics.llm_called(0, call);
  metrics.llm_called(0, llm_call("claude-sonnet-4-5", 1, 2, 0));
  BOOST_TEST(to_json(metrics.llm_calls_value().items()[0]) ==
             R"({"call_id":"run-1","node_id":"ask","provider":"anthropic","model":"claude-sonnet-4-5",)"
             R"("requested_model":"claude-sonnet-4-5","input_tokens":4000,"output_tokens":500,"total_tokens":4500,)"
             R"("cache_creation_input_tokens":0,"cache_read_input_tokens":1000,"reasoning_tokens":20,)"
             R"("cost_usd":0.0195,"cost_basis":"list","duration_ms":2876.0,"is_planner":false,"attempt":2,)"
             R"("batch_index":7,"usage_source":"reported"})");
  BOOST_TEST(metrics.llm_calls_value().size() == 2U);
}

BOOST_AUTO_TEST_CASE(usage_counts_each_token_once_and_metrics_count_inclusively) {
  MetricsCollector metrics(Nodes{{"ask", "llm.anthropic"}});
  LlmCall call = llm_call("m", 1000, 50, 5);
  call.cache_read_input_tokens = 600;
  call.cache_creation_input_tokens = 100;
  metrics.llm_called(0, call);
  BOOST_TEST(
      to_json(metrics.usage_value()) ==
      R"({"input_tokens":300,"cache_creation_input_tokens":100,"cache_read_input_tokens":600,"output_tokens":50})");
  BOOST_TEST(json_at(metrics.metrics_value(0, 0), {"total", "tokens_input"}) == "1000");
  BOOST_TEST(json_at(metrics.metrics_value(0, 0), {"total", "tokens_total"}) == "1050");
}

BOOST_AUTO_TEST_CASE(a_model_that_has_no_price_is_named_once) {
  MetricsCollector metrics(Nodes{{"ask", "x"}});
  LlmCall call = llm_call("home-grown", 10, 5, 4);
  call.cost_basis = CostBasis::kUnknown;
  metrics.llm_called(0, call);
  metrics.llm_called(0, call);
  metrics.llm_called(0, llm_call("gpt-4o", 1, 1, 1));
  BOOST_REQUIRE_EQUAL(metrics.unpriced_models().size(), 1U);
  BOOST_TEST(metrics.unpriced_models()[0] == "home-grown");
  BOOST_TEST(json_at(metrics.model_usage_value(), {"home-grown", "costBasis"}) == R"("unknown")");
  BOOST_TEST(json_at(metrics.model_usage_value(), {"gpt-4o", "costBasis"}) == R"("list")");
  BOOST_TEST(json_at(metrics.metrics_value(0, 0), {"workflow", "models_used"}) == R"(["home-grown","gpt-4o"])");
}

BOOST_AUTO_TEST_CASE(one_model_from_two_providers_is_one_entry_with_the_weakest_basis) {
  MetricsCollector metrics(Nodes{{"ask", "x"}});
  LlmCall known = llm_call("llama", 10, 1, 7);
  LlmCall unknown = llm_call("llama", 20, 2, 8);
  unknown.provider = "elsewhere";
  unknown.cost_basis = CostBasis::kUnknown;
  metrics.llm_called(0, known);
  metrics.llm_called(0, unknown);
  const Value usage = metrics.model_usage_value();
  BOOST_TEST(usage.size() == 1U);
  BOOST_TEST(json_at(usage, {"llama", "inputTokens"}) == "30");
  BOOST_TEST(json_at(usage, {"llama", "costUSD"}) == "1.5e-08");
  BOOST_TEST(json_at(usage, {"llama", "costBasis"}) == R"("unknown")");
}

// Whole nano-dollars: no order of adding and no way of grouping changes a sum.
BOOST_AUTO_TEST_CASE(nodes_models_and_entries_add_up_to_the_total) {
  std::mt19937_64 random(20261124);
  for (int round = 0; round < 50; ++round) {
    MetricsCollector metrics(Nodes{{"a", "x"}, {"b", "x"}, {"c", "x"}});
    std::int64_t entries = 0;
    for (int i = 0; i < 200; ++i) {
      LlmCall call =
          llm_call("model-" + std::to_string(random() % 4), static_cast<std::int64_t>(random() % 100'000),
                   static_cast<std::int64_t>(random() % 9'000), static_cast<std::int64_t>(random() % 3'000'000'000));
      call.cache_read_input_tokens = call.input_tokens / 3;
      call.cache_creation_input_tokens = call.input_tokens / 5;
      entries += call.cost_nano_usd;
      metrics.llm_called(static_cast<std::uint32_t>(random() % 3), call);
    }
    const MetricsCollector::Totals& totals = metrics.totals();
    std::int64_t nodes = 0;
    for (std::uint32_t i = 0; i < 3; ++i)
      nodes += metrics.node(i).cost_nano_usd;
    std::int64_t models = 0;
    std::int64_t input = 0;
    for (const auto& m : metrics.models()) {
      models += m.cost_nano_usd;
      input += m.input + m.cache_creation + m.cache_read;
    }
    BOOST_TEST(totals.cost_nano_usd == entries);
    BOOST_TEST(nodes == entries);
    BOOST_TEST(models == entries);
    BOOST_TEST(input == totals.tokens_input);
  }
}

BOOST_AUTO_TEST_CASE(absurd_counts_stay_at_the_greatest_number_there_is) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  MetricsCollector metrics(Nodes{{"a", "x"}});
  metrics.llm_called(0, llm_call("m", kMost, kMost, kMost));
  metrics.llm_called(0, llm_call("m", kMost, 1, 1));
  BOOST_TEST(metrics.totals().tokens_input == kMost);
  BOOST_TEST(metrics.totals().cost_nano_usd == kMost);
  BOOST_TEST(json_at(metrics.metrics_value(0, 0), {"total", "tokens_total"}) == std::to_string(kMost));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
