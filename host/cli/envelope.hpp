#pragma once

#include <string>

#include "core/base/error.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/outputs.hpp"
#include "host/cli/run_report.hpp"

namespace pflow::host {

/// How a command ended, whichever way it is going to be told.
struct Outcome {
  RunStatus status = RunStatus::kSuccess;
  NamedValues result;  ///< empty: there is none
  bool has_result = false;
  Problems errors;
  Problems warnings;
};

/// The JSON line of --output-format json, with its final line feed (docs/output.md tells the format).
[[nodiscard]] std::string envelope(const Outcome& outcome, const RunReport& report);

/// "1.24 s, 4 nodes, 4,000 + 500 tokens, $0.0127": the same for people. Of a run that was measured.
[[nodiscard]] std::string summary_line(const RunReport& report);

}  // namespace pflow::host
