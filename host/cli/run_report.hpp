#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/engine/run_control.hpp"
#include "core/metrics/metrics_collector.hpp"

namespace pflow::host {

/// What the JSON line tells besides the result: the program's identity and what was measured. Before a run, and for
/// commands that run nothing, everything is zero and the line has the same shape.
struct RunReport {
  SteadyTime program_start;
  std::string execution_id;                   ///< UUID; the trace's too. Empty: made when it is told
  const MetricsCollector* metrics = nullptr;  ///< borrowed; null: nothing was measured
  bool cost_is_lost = false;                  ///< what was measured cannot be told any more
  std::int64_t run_ns = 0;                    ///< how long the workflow ran
  std::optional<std::filesystem::path> trace_file = {};
};

/// A random UUID, version 4.
[[nodiscard]] std::string new_uuid();

}  // namespace pflow::host
