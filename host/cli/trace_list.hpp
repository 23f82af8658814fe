#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/value.hpp"
#include "host/cli/trace_files.hpp"

namespace pflow::host {

/// One row of `trace list`. Nothing: not known.
struct TraceSummary {
  std::string name;
  std::string path;
  std::string when;      ///< "2026-10-02 14:03:05"
  std::string workflow;  ///< its name
  std::string status;    ///< the run's, or "unfinished", "torn", "no trace", "unreadable"
  std::string problem;   ///< why it could not be read
  std::optional<double> duration_ms;
  std::optional<std::uint64_t> nodes;
  std::optional<std::uint64_t> events;
  std::optional<std::uint64_t> tokens;
  std::optional<double> cost_usd;
  bool cost_incomplete = false;
};

/// Reads the file; whatever it holds becomes a row.
[[nodiscard]] TraceSummary summary_of(const TraceFileEntry& file);

/// The moment of an ISO 8601 time as it is written, without fraction and zone: "2026-10-02 14:03:05". Empty: it is
/// none.
[[nodiscard]] std::string plain_time(std::string_view iso);

[[nodiscard]] std::string summaries_text(const std::vector<TraceSummary>& list);
[[nodiscard]] Value summaries_value(const std::vector<TraceSummary>& list);

}  // namespace pflow::host
