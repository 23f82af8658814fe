#pragma once

#include <memory>
#include <string>

#include "core/engine/engine.hpp"
#include "core/engine/outputs.hpp"
#include "core/ir/parse.hpp"
#include "host/loader/registry.hpp"

namespace pflow::bench {

/// A workflow over the real plugins, made once and run many times in this process.
class PluginRun {
 public:
  explicit PluginRun(const std::filesystem::path& cache) {
    host::Registry::Options options;
    options.search.plugin_dirs = {PFLOW_BENCH_PLUGINS};
    options.scanner.program = PFLOW_BENCH_PROGRAM;
    options.cache_folder = cache;
    registry_ = std::make_unique<host::Registry>(std::move(options));
  }

  /// Parses and plans; ends the program when the document is wrong.
  void plan(const std::string& text, std::vector<std::string> inputs = {}, OutermostWrapper outermost = nullptr) {
    Problems errors;
    Problems warnings;
    const auto workflow = ir::parse_workflow(text, "bench", errors);
    if (workflow) plan_ = make_plan(*workflow, std::move(inputs), *registry_, errors, warnings);
    if (errors.empty()) static_cast<void>(instantiate(*plan_, *registry_, errors, outermost));
    for (const Error& e : errors) std::fprintf(stderr, "%s (%s)\n", e.message.c_str(), e.where.c_str());
    if (!errors.empty()) std::exit(1);
  }

  [[nodiscard]] const Plan& plan() const { return *plan_; }

  void run(SharedStore& store) {
    RunControl control;
    run(store, control, {});
  }

  void run(SharedStore& store, RunControl& control, RunOptions options) {
    const RunResult result = Engine(*plan_, control, std::move(options)).run(store);
    if (result.status == RunStatus::kSuccess) return;
    std::fprintf(stderr, "%s\n", result.error ? result.error->message.c_str() : "the run failed");
    std::exit(1);
  }

 private:
  std::unique_ptr<host::Registry> registry_;
  std::unique_ptr<Plan> plan_;  // after the registry: its nodes belong to the plugins
};

/// N echo nodes, each of which hands on what the one before it gave.
[[nodiscard]] inline std::string echo_chain(int nodes) {
  std::string text = R"({"nodes":[{"id":"n0","type":"echo","params":{"message":"x"}})";
  for (int i = 1; i < nodes; ++i) {
    text += R"(,{"id":"n)" + std::to_string(i) + R"(","type":"echo","params":{"message":"${n)" + std::to_string(i - 1) +
            R"(.echo}"}})";
  }
  return text + "]}";
}

}  // namespace pflow::bench
