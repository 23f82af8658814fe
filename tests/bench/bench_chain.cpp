// W2: a chain of N no-op nodes through the ABI, templates and the store; and what it takes to plan one.
#include "bench.hpp"
#include "plugin_run.hpp"

int main(int argc, char** argv) {
  using namespace pflow;
  const bool quick = bench::is_short(argc, argv);
  const bench::TemporaryFolder cache;
  for (const int nodes : {10, 100, 1000, 10'000}) {
    bench::PluginRun runner(cache.path());
    const std::string text = bench::echo_chain(nodes);
    const int rounds = quick ? 1 : nodes >= 10'000 ? 15 : 101;
    const double plan_us = bench::median_us(quick ? 1 : 5, [&] { runner.plan(text); });
    const double run_us = bench::median_us(rounds, [&] {
      SharedStore store(runner.plan().names);
      runner.run(store);
    });
    std::printf(R"({"bench":"W2","nodes":%d,"plan_ms":%.3f,"run_us_per_node":%.4f})"
                "\n",
                nodes, plan_us / 1000, run_us / nodes);
  }
  return 0;
}
