#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace pflow::host {

/// What a trace file is called: pflow-trace-workflow-YYYYMMDD-HHMMSS.json, with -2, -3, ... when that was there
/// already.
struct TraceFileName {
  bool planner = false;
  std::string stamp;  ///< "YYYYMMDD-HHMMSS"
  std::uint32_t number = 1;

  /// "2026-10-02 14:03:05"
  [[nodiscard]] std::string when() const;
};

[[nodiscard]] std::optional<TraceFileName> parse_trace_name(std::string_view name);

/// $PFLOW_DEBUG_DIR, else debug in the home folder; empty when there is no home. Nothing is created.
[[nodiscard]] std::filesystem::path trace_folder();

struct TraceFileEntry {
  std::filesystem::path path;
  std::string name;
  std::optional<TraceFileName> parsed;  ///< nothing: a JSON file that some other program may have written
  bool is_link = false;
};

/// The *.json files of a folder that are regular ones, or links to such: ours first, newest first; then the others by
/// name. None when there is no such folder. Error: kUnreadable.
[[nodiscard]] Result<std::vector<TraceFileEntry>> trace_files(const std::filesystem::path& folder);

/// The file that a user means by a path, by a bare name in `folder` (with ".json" or without), or by "latest": the
/// newest trace of a workflow. Error: kUnreadable, with the names that there are.
[[nodiscard]] Result<std::filesystem::path> find_trace(const std::string& word, const std::filesystem::path& folder);

}  // namespace pflow::host
