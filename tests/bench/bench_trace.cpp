// W5: what a trace costs an event, write(2) included: a node that does nothing, and one whose output of 1 KiB is new.
#include <cstdint>

#include "bench.hpp"
#include "core/base/redactor.hpp"
#include "core/trace/workflow_trace.hpp"
#include "host/instrument/trace_file.hpp"

namespace {

using namespace pflow;

StoreNames names_of(int nodes) {
  StoreNames names;
  for (int i = 0; i < nodes; ++i)
    names.nodes.push_back("n" + std::to_string(i));
  names.index();
  return names;
}

struct Measured {
  double ns = 0;
  std::uintmax_t bytes = 0;
};

// A chain of echo nodes; each gets `output_bytes` bytes of its own.
Measured trace_chain(const std::filesystem::path& folder, int nodes, std::size_t output_bytes, bool secrets) {
  const StoreNames names = names_of(nodes);
  SharedStore store(names);
  Redactor redactor;
  for (int i = 0; secrets && i < 20; ++i)
    redactor.add("KEY", Value::string("secret-of-a-provider-" + std::to_string(i)));
  auto file = host::TraceFile::create(folder, "trace");
  if (!file) std::exit(1);
  WorkflowTraceCollector collector(**file, redactor, {}, true);
  collector.begin({}, store);
  const Value written = Value::string("${n0.data}");
  std::vector<Value> outputs;
  for (int i = 0; i < nodes; ++i)
    outputs.push_back(Value::string(std::string(output_bytes, static_cast<char>('a' + i % 26))));
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < nodes; ++i) {
    const auto node = static_cast<NodeIndex>(i);
    std::vector<Member> members{{Value::string("data"), outputs[node]}};
    const Value params = Value::object(members);
    TraceCall call;
    call.node_id = names.nodes[node];
    call.node_type = "echo";
    call.plugin = "echo";
    call.node = node;
    call.start_ns = i * std::int64_t{1000};
    call.duration_ns = 321;
    call.action = "default";
    call.params = &params;
    call.resolutions.push_back({"data", &written, "n0", "/data"});
    store.outputs(node).set("data", outputs[node]);
    collector.call_ended(call, store);
  }
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  collector.finish({});
  if (collector.failed()) std::exit(1);
  return {took.count() / nodes, std::filesystem::file_size((*file)->path())};
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = bench::is_short(argc, argv);
  const int nodes = quick ? 100 : 10'000;
  for (const std::size_t bytes : {1, 1024}) {
    for (const bool secrets : {false, true}) {
      const bench::TemporaryFolder folder;
      std::vector<double> ns;
      Measured m;
      for (int i = 0; i < (quick ? 1 : 9); ++i) {
        m = trace_chain(folder.path(), nodes, bytes, secrets);
        ns.push_back(m.ns);
      }
      std::printf(R"({"bench":"W5","output_bytes":%zu,"secrets":%d,"event_ns":%.0f,"event_bytes":%.0f})"
                  "\n",
                  bytes, secrets ? 20 : 0, bench::median(ns), static_cast<double>(m.bytes) / nodes);
    }
  }
  return 0;
}
