#include "host/cli/exit_code.hpp"

namespace pflow::host {

ExitCode exit_code_of(const Problems& problems) noexcept {
  ExitCode code = ExitCode::kSuccess;
  for (const Error& e : problems) {
    switch (blame_of(e.code)) {
      case Blame::kUsage:
        return ExitCode::kUsage;
      case Blame::kDocument:
        code = ExitCode::kInvalid;
        break;
      case Blame::kPlugin:
        if (code != ExitCode::kInvalid) code = ExitCode::kPlugin;
        break;
      case Blame::kRun:
      case Blame::kUser:
        if (code == ExitCode::kSuccess) code = ExitCode::kRunFailed;
        break;
    }
  }
  return code;
}

ExitCode exit_code_of_run(const Error& error) noexcept {
  return blame_of(error.code) == Blame::kPlugin ? ExitCode::kPlugin : ExitCode::kRunFailed;
}

}  // namespace pflow::host
