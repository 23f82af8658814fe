#include "host/instrument/instrumentation.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow::host {
namespace {

// A run that is measured: what its only node has cost.
struct Measured {
  explicit Measured(std::string_view document, std::optional<std::int64_t> max_cost_nano_usd = std::nullopt)
      : run(document), store(names) {
    Instrumentation::Options how;
    how.max_cost_nano_usd = max_cost_nano_usd;
    Instrumentation instrumentation(store, run.control, prices, metrics, how);
    run.options.observer = &instrumentation;
    run.options.events = &instrumentation;
    ended = run.run();
  }

  [[nodiscard]] std::string attempts_metered() const {
    std::string attempts;
    for (const LlmCall& call : metrics.llm_calls())
      attempts += std::to_string(call.attempt) + ": " + std::to_string(call.input_tokens) + "; ";
    return attempts;
  }

  EngineRun run;
  StoreNames names;
  SharedStore store;
  const PriceBook prices;
  MetricsCollector metrics{{{"n", "inline"}}};
  std::string ended;
};

constexpr std::string_view kFailsTwice =
    R"({"nodes": [{"id": "n", "type": "inline", "retry": {"max_attempts": 3},
                   "params": {"fail_times": 2,
                              "fail_write": {"llm_usage": {"model": "gpt-4o-mini", "input_tokens": 1000}},
                              "write": {"llm_usage": {"model": "gpt-4o-mini", "input_tokens": 500}}}}]})";

BOOST_AUTO_TEST_SUITE(instrumentation)

BOOST_AUTO_TEST_CASE(what_each_attempt_used_counts_once) {
  const Measured measured(kFailsTwice);
  BOOST_TEST(measured.ended == "success\n");
  BOOST_TEST(measured.attempts_metered() == "1: 1000; 2: 1000; 3: 500; ");
}

BOOST_AUTO_TEST_CASE(what_an_attempt_used_counts_once_when_its_retry_is_given_up) {
  const Measured measured(kFailsTwice, 0);
  BOOST_TEST(measured.run.result.error->code_text() == "budget_exceeded");
  BOOST_TEST(measured.attempts_metered() == "1: 1000; ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
