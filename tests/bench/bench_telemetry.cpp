// W5: the chain of W2 with nothing, with metrics and with a trace.
//
//     bench_telemetry [--short]
//     bench_telemetry --once MODE NODES ROUNDS     only that, for counting instructions
#include <cstring>
#include <optional>

#include "bench.hpp"
#include "core/base/redactor.hpp"
#include "host/instrument/instrumentation.hpp"
#include "host/instrument/instrumented_node.hpp"
#include "host/instrument/trace_file.hpp"
#include "plugin_run.hpp"

namespace pflow::bench {
namespace {

enum class Mode { kDefault, kMetrics, kTrace };

constexpr Mode kModes[] = {Mode::kDefault, Mode::kMetrics, Mode::kTrace};

const char* name_of(Mode mode) {
  return mode == Mode::kDefault ? "default" : mode == Mode::kMetrics ? "metrics" : "trace";
}

std::optional<Mode> mode_named(const char* name) {
  for (const Mode mode : kModes) {
    if (std::strcmp(name, name_of(mode)) == 0) return mode;
  }
  return std::nullopt;
}

// One planned workflow in one mode.
class Measured {
 public:
  Measured(const std::filesystem::path& folder, const std::string& text, Mode mode)
      : folder_(folder), mode_(mode), runner_(folder) {
    runner_.plan(text, {}, mode == Mode::kDefault ? nullptr : &host::InstrumentedNodeWrapper::wrap);
  }

  void run() {
    SharedStore store(runner_.plan().names);
    if (mode_ == Mode::kDefault) return runner_.run(store);
    RunControl control;
    std::vector<MetricsCollector::NodeName> names;
    for (const PlanNode& node : runner_.plan().nodes)
      names.push_back({node.id, node.type->name});
    MetricsCollector metrics(std::move(names));
    const PriceBook prices;
    Redactor redactor;
    std::unique_ptr<host::TraceFile> file;
    std::optional<WorkflowTraceCollector> trace;
    host::Instrumentation::Options how;
    how.program_start = std::chrono::steady_clock::now();
    if (mode_ == Mode::kTrace) {
      Result<std::unique_ptr<host::TraceFile>> made = host::TraceFile::create(folder_, "trace");
      if (!made) {
        std::fprintf(stderr, "%s\n", made.error().message.c_str());
        std::exit(1);
      }
      file = std::move(made).value();
      trace.emplace(*file, redactor, TraceLimits{}, true);
      trace->begin({}, store);
      how.trace = &*trace;
    }
    host::Instrumentation instrumentation(store, control, prices, metrics, how);
    RunOptions options;
    options.observer = &instrumentation;
    options.events = &instrumentation;
    runner_.run(store, control, options);
    if (trace) trace->finish({});
    if (file) {
      bytes_ = std::filesystem::file_size(file->path());
      std::filesystem::remove(file->path());
    }
  }

  [[nodiscard]] std::uintmax_t trace_bytes() const { return bytes_; }

 private:
  std::filesystem::path folder_;
  Mode mode_;
  PluginRun runner_;
  std::uintmax_t bytes_ = 0;
};

// Modes take turns, so that what else the machine does hits all of them alike.
void compare(const TemporaryFolder& folder, const char* what, const std::string& text, int nodes, int rounds) {
  std::vector<std::unique_ptr<Measured>> modes;
  for (const Mode mode : kModes)
    modes.push_back(std::make_unique<Measured>(folder.path(), text, mode));
  std::vector<double> times[3];
  for (int i = 0; i <= rounds; ++i) {
    for (std::size_t m = 0; m < 3; ++m) {
      const auto start = std::chrono::steady_clock::now();
      modes[m]->run();
      const auto took = std::chrono::steady_clock::now() - start;
      if (i > 0) times[m].push_back(std::chrono::duration<double, std::nano>(took).count() / nodes);
    }
  }
  const double base = median(times[0]);
  std::printf(R"({"bench":"W5","what":"%s","nodes":%d,"default_ns":%.0f,"metrics_adds_ns":%.0f,"trace_adds_ns":%.0f,)"
              R"("trace_bytes":%ju})"
              "\n",
              what, nodes, base, median(times[1]) - base, median(times[2]) - base, modes[2]->trace_bytes());
}

// Nodes that wait a millisecond each: what telemetry is beside real work.
std::string waiting_chain(int nodes) {
  std::string text = R"({"nodes":[)";
  for (int i = 0; i < nodes; ++i) {
    text += (i == 0 ? "" : ",") + std::string(R"({"id":"n)") + std::to_string(i) +
            R"(","type":"echo","params":{"message":"x","delay_ms":1}})";
  }
  return text + "]}";
}

// Nodes that write 1 KiB each.
std::string writing_chain(int nodes) {
  std::string text = R"({"nodes":[)";
  for (int i = 0; i < nodes; ++i) {
    text += (i == 0 ? "" : ",") + std::string(R"({"id":"n)") + std::to_string(i) +
            R"(","type":"echo","params":{"message":")" + std::to_string(i) + std::string(1020, 'k') + R"("}})";
  }
  return text + "]}";
}

}  // namespace
}  // namespace pflow::bench

int main(int argc, char** argv) {
  using namespace pflow::bench;
  const TemporaryFolder folder;
  if (argc == 5 && std::strcmp(argv[1], "--once") == 0) {
    const auto mode = mode_named(argv[2]);
    if (!mode) return 2;
    Measured measured(folder.path(), echo_chain(std::atoi(argv[3])), *mode);
    for (int i = 0; i < std::atoi(argv[4]); ++i)
      measured.run();
    return 0;
  }
  const bool quick = is_short(argc, argv);
  for (const int nodes : {100, 1000, 10'000})
    compare(folder, "no-op", echo_chain(nodes), nodes, quick ? 1 : nodes == 10'000 ? 21 : 101);
  compare(folder, "1 KiB", writing_chain(500), 500, quick ? 1 : 51);
  compare(folder, "1 ms", waiting_chain(quick ? 10 : 200), quick ? 10 : 200, quick ? 1 : 7);
  return 0;
}
