// W7: a batch of N items through a no-op node, `continue`: what it keeps in memory beyond the results, and time an
// item. W6, all at once: shell nodes in a parallel batch, beside posix_spawn of the same commands.
#include <malloc.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "bench.hpp"
#include "core/metrics/metrics_collector.hpp"
#include "host/instrument/instrumentation.hpp"
#include "host/instrument/instrumented_node.hpp"
#include "plugin_run.hpp"

extern char** environ;

namespace pflow::bench {
namespace {

// Bytes in use on the heap, those mapped for large blocks included.
std::size_t heap_bytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t rss_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  std::size_t resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t peak_rss_bytes() {
  struct rusage usage {};

  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

Value integers(std::int64_t n) {
  std::vector<Value> items;
  items.reserve(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i)
    items.push_back(Value::integer(i));
  return Value::array(items);
}

enum class Measured { kNo, kMetrics };

constexpr std::string_view kEchoBatch =
    R"({"inputs": {"list": {"type": "array"}}, "nodes": [{"id": "b", "type": "echo", "params": {"message": "n ${item}"},
        "batch": {"items": "${list}", "parallel": true, "max_concurrent": 100, "error_handling": "continue"}}]})";

// What results alone would take: the same objects, built by themselves.
std::size_t bytes_of_results(const SharedStore& store) {
  const Value* results = store.outputs(0).find("results");
  const std::size_t before = heap_bytes();
  std::vector<Value> copies;
  copies.reserve(results->size());
  std::vector<Value> keys;
  for (const Value& result : results->items()) {
    std::vector<Member> members;
    std::size_t k = 0;
    for (const Member& m : result.members()) {
      if (keys.size() <= k) keys.push_back(Value::string(m.name()));
      const bool own = m.value.is_string();  // made for this result; the item is shared with the input
      members.push_back({keys[k++], own ? Value::string(m.value.text()) : m.value});
    }
    copies.push_back(Value::object(members));
  }
  const Value list = Value::array(copies);
  copies = {};
  return heap_bytes() - before;
}

void run_items(const std::filesystem::path& cache, std::int64_t n, Measured measured) {
  PluginRun runner(cache);
  runner.plan(std::string(kEchoBatch), {"list"},
              measured == Measured::kMetrics ? &host::InstrumentedNodeWrapper::wrap : nullptr);
  SharedStore store(runner.plan().names);
  store.set_input(0, integers(n));
  RunControl control;
  const PriceBook prices;
  MetricsCollector metrics(std::vector<MetricsCollector::NodeName>{{"b", "echo"}});
  std::optional<host::Instrumentation> instrumentation;
  RunOptions options;
  if (measured == Measured::kMetrics) {
    options.observer = &instrumentation.emplace(store, control, prices, metrics, host::Instrumentation::Options{});
  }
  ::malloc_trim(0);
  const std::size_t heap_before = heap_bytes();
  const std::size_t rss_before = rss_bytes();
  const auto start = std::chrono::steady_clock::now();
  runner.run(store, control, std::move(options));
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  const std::size_t heap = heap_bytes() - heap_before;
  const std::size_t rss = std::max(rss_bytes(), rss_before) - rss_before;
  const std::size_t peak = std::max(peak_rss_bytes(), rss_before) - rss_before;
  const std::size_t results = bytes_of_results(store);
  const auto each = [n](std::size_t bytes) { return static_cast<double>(bytes) / static_cast<double>(n); };
  const auto beyond = [&](std::size_t bytes) { return each(bytes) - each(results); };
  std::printf(R"({"bench":"W7","items":%lld,"metrics":%s,"ns_per_item":%.0f,"result_bytes":%.0f,"heap_beyond":%.0f,)"
              R"("rss_beyond":%.0f,"peak_rss_beyond":%.0f})"
              "\n",
              static_cast<long long>(n), measured == Measured::kMetrics ? "true" : "false",
              took.count() / static_cast<double>(n), each(results), beyond(heap), beyond(rss), beyond(peak));
}

// A process of its own, so that one measurement's memory is not in the next one's.
template <typename Work>
void in_child(Work&& work) {
  std::fflush(stdout);
  const pid_t pid = ::fork();
  if (pid == 0) {
    work();
    std::fflush(stdout);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) std::exit(1);
}

void spawn_all(int n) {
  std::vector<pid_t> pids(static_cast<std::size_t>(n));
  char sh[] = "/bin/sh";
  char c[] = "-c";
  char command[] = "/bin/true";
  char* argv[] = {sh, c, command, nullptr};
  for (pid_t& pid : pids) {
    if (::posix_spawn(&pid, sh, nullptr, nullptr, argv, environ) != 0) std::exit(1);
  }
  for (const pid_t pid : pids) {
    int status = 0;
    ::waitpid(pid, &status, 0);
  }
}

void run_processes(const std::filesystem::path& cache, int n, int rounds) {
  PluginRun runner(cache);
  runner.plan(R"({"inputs": {"list": {"type": "array"}}, "nodes": [{"id": "b", "type": "shell",
      "params": {"command": "/bin/true"}, "batch": {"items": "${list}", "parallel": true, "max_concurrent": 100}}]})",
              {"list"});
  std::vector<double> floor;
  std::vector<double> own;
  for (int i = 0; i < rounds; ++i) {  // by turns: what else the machine does hits both alike
    floor.push_back(median_us(1, [&] { spawn_all(n); }) / 1000);
    own.push_back(median_us(1,
                            [&] {
                              SharedStore store(runner.plan().names);
                              store.set_input(0, integers(n));
                              runner.run(store);
                            }) /
                  1000);
  }
  const double spawn_ms = median(floor);
  const double own_ms = median(own);
  std::printf(R"({"bench":"W6","at_once":%d,"posix_spawn_ms":%.1f,"batch_ms":%.1f,"ratio":%.3f})"
              "\n",
              n, spawn_ms, own_ms, own_ms / spawn_ms);
}

}  // namespace
}  // namespace pflow::bench

int main(int argc, char** argv) {
  using namespace pflow::bench;
  const bool quick = is_short(argc, argv);
  const TemporaryFolder cache;
  for (const Measured measured : {Measured::kNo, Measured::kMetrics}) {
    for (const std::int64_t n : quick ? std::vector<std::int64_t>{1000} : std::vector<std::int64_t>{100'000, 200'000}) {
      in_child([&] { run_items(cache.path(), n, measured); });
    }
  }
  run_processes(cache.path(), quick ? 10 : 100, quick ? 1 : 11);
  return 0;
}
