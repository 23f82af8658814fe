#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/http_report.hpp"
#include "core/base/redactor.hpp"
#include "core/base/value.hpp"
#include "core/store/shared_store.hpp"
#include "core/trace/trace_sink.hpp"

namespace pflow {

/// How much of a text a trace keeps, in characters.
struct TraceLimits {
  std::size_t prompt_max = 50'000;
  std::size_t response_max = 20'000;
  std::size_t store_max = 10'000;
  std::size_t llm_calls_max = 0;  ///< events whose llm_call is kept; 0: all
};

/// What a trace's root says before the first event.
struct TraceHeader {
  std::string execution_id;
  std::string workflow_id;
  std::string workflow_name;
  std::string start_time;                       ///< ISO 8601 with zone
  Value host;                                   ///< {version, abi, platform}
  Value plugins;                                ///< [{id, version, path, sha256}]
  std::vector<std::string> secret_inputs = {};  ///< names of inputs whose values are not shown at all
};

struct TraceRetry {
  std::uint32_t attempt = 0;
  Value error;
  std::int64_t wait_ms = 0;
};

struct TraceLog {
  double ms = 0;  ///< since the run began
  std::string_view level;
  std::string message;
  std::string fields_json;
};

/// One parameter that holds a template.
struct TraceResolution {
  std::string_view param;
  const Value* written = nullptr;  ///< as in the document
  /// When the whole parameter is one reference: its first name and the JSON Pointer of what follows ("/response/0");
  /// lets a large value be referred to instead of written again.
  std::string_view source_node = {};
  std::string source_pointer = {};
};

/// One LLM usage as the event's llm_call shows it.
struct TraceLlmUsage {
  Value raw;    ///< as the node told it
  Value usage;  ///< inclusive units
  std::string provider;
  std::string model;
  Value cost_usd;  ///< number, or null
  std::string_view cost_basis;
  Value price;  ///< the row, or null
};

/// A call that has ended, as instrumentation tells it. Everything is borrowed for the time of `call_ended`.
struct TraceCall {
  std::uint64_t seq = 0;  ///< its number among the run's calls; 0: that of the event among the events
  std::string_view node_id;
  std::string_view node_type;
  std::string_view plugin;  ///< its id; empty: none
  NodeIndex node = kNoNode;
  std::int64_t start_ns = 0;  ///< since the run began
  std::int64_t duration_ns = 0;
  bool success = true;
  std::string_view action;
  Value error;  ///< null on success
  std::uint32_t attempt = 1;
  std::int64_t visit = 1;
  std::int64_t batch_index = -1;
  std::optional<std::uint64_t> parent = {};          ///< seq of the event this one belongs to
  const Value* params = nullptr;                     ///< resolved; null: never resolved
  std::vector<std::string_view> secret_params = {};  ///< parameters of `params` that are secret
  std::vector<TraceResolution> resolutions = {};
  std::vector<TraceLlmUsage> llm = {};  ///< empty: no LLM call
  const Value* response = nullptr;      ///< of an LLM call: its primary output
  std::vector<TraceRetry> retries = {};
  std::vector<TraceLog> logs = {};
  std::vector<HttpReport> http = {};
};

struct TraceEnd {
  std::string end_time;
  double duration_ms = 0;
  std::string_view final_status;
  std::uint64_t nodes_executed = 0;
  std::uint64_t nodes_failed = 0;
  Value llm_summary;
};

/// Writes a workflow's trace while it runs (docs/trace.md is the format): one event a call, handed to the sink before
/// the next call starts. Memory does not grow with the run: it keeps the last snapshot's handles and one event's text.
/// Time is linear in what is new. One thread at a time. Once the sink refuses, nothing more is written.
class WorkflowTraceCollector {
 public:
  /// All borrowed. `namespaced` as the plan says.
  WorkflowTraceCollector(TraceSink& sink, Redactor& redactor, TraceLimits limits, bool namespaced);
  WorkflowTraceCollector(const WorkflowTraceCollector&) = delete;
  WorkflowTraceCollector& operator=(const WorkflowTraceCollector&) = delete;
  ~WorkflowTraceCollector();

  /// Writes the root; `store` holds the run's inputs.
  void begin(const TraceHeader& header, const SharedStore& store);

  /// A call has ended and its outputs are in `store`, as all of what ended before it. Only its own namespace (or, with
  /// namespacing off, the root) may have changed since the last event of this store. A call that has a parent comes
  /// with the store of the nested workflow; its `seq` and the parent's must be given.
  void call_ended(const TraceCall& call, const SharedStore& store);

  /// The nested workflow of this call is over, or begins anew with another store.
  void nested_over(std::uint64_t parent);

  void finish(const TraceEnd& end);

  [[nodiscard]] bool failed() const noexcept;  ///< the sink refused: the trace ends before the run did

  [[nodiscard]] std::uint64_t redactions() const noexcept;
  [[nodiscard]] std::uint64_t truncations() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pflow
