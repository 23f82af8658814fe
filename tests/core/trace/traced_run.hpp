#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/redactor.hpp"
#include "core/store/shared_store.hpp"
#include "core/trace/trace_sink.hpp"
#include "core/trace/workflow_trace.hpp"
#include "tests/core/trace/trace_reading.hpp"

namespace pflow::test {

/// A file in memory that can refuse, as a full disk does.
class MemorySink final : public TraceSink {
 public:
  [[nodiscard]] bool write_at(std::uint64_t offset, std::string_view text) noexcept override {
    ++writes;
    if (writes >= refuse_from && writes < refuse_until) return false;
    if (offset > content.size()) std::abort();  // a hole
    content.resize(offset);
    content += text;
    if (keep_all) states.push_back(content);
    return true;
  }

  std::string content;
  std::size_t writes = 0;
  std::size_t refuse_from = SIZE_MAX;
  std::size_t refuse_until = SIZE_MAX;
  bool keep_all = false;
  std::vector<std::string> states;
};

/// A run that a collector writes down: a store, and calls that change it.
class TracedRun {
 public:
  TracedRun(std::vector<std::string> nodes, std::vector<std::string> inputs, bool namespaced = true,
            TraceLimits limits = {})
      : names_(named(std::move(nodes), std::move(inputs))),
        store(names_),
        namespaced_(namespaced),
        collector(sink, redactor, limits, namespaced) {}

  void begin(std::vector<std::string> secret_inputs = {}, Value plugins = {}) {
    TraceHeader header;
    header.execution_id = "6f1c1f0e-0000-4000-8000-000000000001";
    header.workflow_id = "w";
    header.workflow_name = "flow";
    header.start_time = "2026-10-01T12:00:00.000+02:00";
    header.host = read("{\"version\":\"0.1.0\"}");
    header.plugins = std::move(plugins);
    header.secret_inputs = std::move(secret_inputs);
    collector.begin(header, store);
  }

  [[nodiscard]] TraceCall call(NodeIndex node) const {
    TraceCall c;
    c.node_id = names_.nodes[node];
    c.node_type = "echo";
    c.plugin = "echo";
    c.node = node;
    c.start_ns = 1'500'000;
    c.duration_ns = 250'400;
    c.action = "default";
    return c;
  }

  void end(const TraceCall& c) { collector.call_ended(c, store); }

  /// One call of `node` that leaves these outputs.
  void run(NodeIndex node, std::vector<std::pair<std::string, Value>> outputs) {
    for (auto& [key, value] : outputs)
      set(node, key, std::move(value));
    end(call(node));
  }

  void set(NodeIndex node, std::string_view key, Value value) {
    (namespaced_ ? store.outputs(node) : store.root()).set(key, std::move(value));
  }

  void finish() {
    TraceEnd end;
    end.end_time = "2026-10-01T12:00:01.000+02:00";
    end.duration_ms = 1000.0625;
    end.final_status = "success";
    end.nodes_executed = 3;
    end.llm_summary = read("{\"calls\":0}");
    collector.finish(end);
  }

  /// The file so far.
  [[nodiscard]] ReadTrace trace() const { return ReadTrace(sink.content); }

  /// The store as a snapshot shows it.
  [[nodiscard]] Value snapshot() const {
    std::vector<Member> members;
    for (std::size_t i = 0; i < names_.inputs.size(); ++i)
      members.push_back({Value::string(names_.inputs[i]), store.input(static_cast<std::uint32_t>(i))});
    for (const auto& [key, value] : store.root().entries()) {
      if (names_.input_index.count(key) == 0) members.push_back({Value::string(key), value});
    }
    for (NodeIndex i = 0; i < names_.nodes.size(); ++i) {
      std::vector<Member> outputs;
      for (const auto& [key, value] : store.outputs(i).entries())
        outputs.push_back({Value::string(key), value});
      if (!outputs.empty()) members.push_back({Value::string(names_.nodes[i]), Value::object(outputs)});
    }
    return Value::object(members);
  }

  static Value read(std::string_view text) {
    Result<Value> v = read_json(text, "literal");
    if (!v) throw std::runtime_error(v.error().message);
    return std::move(v).value();
  }

 private:
  static StoreNames named(std::vector<std::string> nodes, std::vector<std::string> inputs) {
    StoreNames names;
    names.nodes = std::move(nodes);
    names.inputs = std::move(inputs);
    names.index();
    return names;
  }

  StoreNames names_;

 public:
  SharedStore store;  // borrows names_

 private:
  bool namespaced_;

 public:
  MemorySink sink;
  Redactor redactor;
  WorkflowTraceCollector collector;  // borrows both
};

/// Text of `bytes` bytes that differs with `seed`.
inline Value long_text(std::size_t bytes, char seed = 'x') {
  return Value::string(std::string(bytes, seed));
}

/// A member of the only event, or of event `i`, as it is in the file.
[[nodiscard]] inline std::string member(const TracedRun& run, std::string_view name, std::size_t i = 0) {
  return to_json(*run.trace().event(i).find(name));
}

}  // namespace pflow::test
