#pragma once

#include "core/base/error.hpp"

namespace pflow::host {

/// What the program's exit code says; the same in both output formats.
enum class ExitCode : int {
  kSuccess = 0,
  kRunFailed = 1,
  kUsage = 2,
  kInvalid = 3,  ///< the workflow or its inputs
  kPlugin = 4,   ///< every problem is a missing, refused or broken plugin or node type
  kDegraded = 5,
  kInterrupted = 130,  ///< 128 + SIGINT
  kTerminated = 143,   ///< 128 + SIGTERM
  kBrokenPipe = 141,   ///< nobody reads stdout any more
};

/// For problems found before anything ran; kSuccess for none. The gravest decides: usage, then document, then plugin.
[[nodiscard]] ExitCode exit_code_of(const Problems& problems) noexcept;

/// For a run that failed with `error`.
[[nodiscard]] ExitCode exit_code_of_run(const Error& error) noexcept;

}  // namespace pflow::host
