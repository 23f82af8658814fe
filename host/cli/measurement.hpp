#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/engine/engine.hpp"
#include "core/metrics/metrics_collector.hpp"
#include "core/pricing/price_book.hpp"
#include "core/trace/workflow_trace.hpp"
#include "host/cli/prepare.hpp"
#include "host/cli/session.hpp"
#include "host/instrument/instrumentation.hpp"
#include "host/instrument/trace_file.hpp"

namespace pflow::host {

/// Whether anything asks for a run's cost, time or trace: only then is it measured.
[[nodiscard]] bool wants_measurement(const Options& options, const Prepared& prepared);

/// The collectors of one measured run and what they need. Outlives the run's calls.
class Measurement {
 public:
  /// All borrowed. A trace that cannot be written is a warning and no more.
  Measurement(Session& session, const Prepared& prepared, Registry& registry, std::unique_ptr<PriceBook> prices,
              SharedStore& store, RunControl& control, Problems& warnings);

  /// What the engine and the plugins report to. `next` is told too; borrowed, may be null.
  [[nodiscard]] Instrumentation& start(std::string_view run_id, RunObserver* next);

  /// The run is over and its outcome known: ends the trace, completes the session's report, tells what was odd.
  void finish(Outcome& outcome);

 private:
  void begin_trace(std::string_view run_id);
  [[nodiscard]] Value plugins_value();
  void end_trace(Outcome& outcome);

  Session& session_;
  const Prepared& prepared_;
  Registry& registry_;
  std::unique_ptr<PriceBook> prices_;
  SharedStore& store_;
  RunControl& control_;
  Problems& warnings_;
  std::optional<std::int64_t> max_cost_;  // in nano-dollars: the smaller of the document's limit and the user's
  MetricsCollector metrics_;
  std::unique_ptr<TraceFile> trace_file_;
  std::optional<WorkflowTraceCollector> trace_;
  std::optional<Instrumentation> instrumentation_;
  std::thread price_reader_;  // reads prices while the first answer is on its way; last: uses the above
};

}  // namespace pflow::host
