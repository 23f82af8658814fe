#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pflow::shell {

struct EnvChange {
  std::string name;                  ///< no '=' and no NUL in it
  std::optional<std::string> value;  ///< nothing = taken out of the environment
};

struct ProcessSpec {
  std::string command;                          ///< for the system's shell
  std::optional<std::string> cwd;               ///< nothing = the host's own
  std::vector<EnvChange> env;                   ///< changes to the host's environment
  std::optional<std::string_view> stdin_bytes;  ///< nothing = the empty device
  std::chrono::milliseconds timeout{};
  std::uint64_t max_output_bytes = 0;  ///< of stdout and stderr together
};

enum class Ending { kExited, kSignalled, kTimedOut, kCancelled, kTooMuchOutput };

struct ProcessResult {
  Ending ending = Ending::kExited;
  int code = 0;  ///< exit code (kExited) or signal number (kSignalled)
};

/// Takes what a process writes, in order, from the thread that runs it.
class OutputSink {
 public:
  OutputSink() = default;
  OutputSink(const OutputSink&) = delete;
  OutputSink& operator=(const OutputSink&) = delete;
  virtual ~OutputSink() = default;
  virtual void append(std::string_view bytes) = 0;
};

/// Wakes the thread that waits for a process. raise() may come from any thread, before, during or after the run.
class CancelSwitch {
 public:
  CancelSwitch();  ///< throws sdk::Failure if the system has no descriptor left
  CancelSwitch(const CancelSwitch&) = delete;
  CancelSwitch& operator=(const CancelSwitch&) = delete;
  ~CancelSwitch();

  void raise() noexcept;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// Runs a command in a process group of its own and waits until it has ended and nobody holds its stdout and stderr any
/// more, as a shell's $(...) does. Both are read while stdin is written, so no amount of data can block either side.
///
/// On timeout and cancellation the group is asked to end (TERM), every process of it has 2 s to do so, and what is left
/// then is killed; past the output limit it is killed at once. Nothing of the group is left then. This takes less than
/// 2.5 s, even if somebody who left the group holds the outputs.
/// Throws sdk::Failure "cwd_not_found", "command_too_long", "spawn_failed"; what a sink throws after the group is
/// killed.
[[nodiscard]] ProcessResult run_process(const ProcessSpec& spec, CancelSwitch& cancel, OutputSink& out,
                                        OutputSink& err);

/// "SIGKILL", or "signal 63" where there is no name.
[[nodiscard]] std::string signal_name(int number);

}  // namespace pflow::shell
