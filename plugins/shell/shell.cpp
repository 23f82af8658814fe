#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "message.hpp"
#include "process.hpp"
#include <pflow/node.hpp>

namespace pflow::shell {
namespace {

[[noreturn]] void refuse(std::string message) {
  throw sdk::Failure{.status = PFLOW_E_INVALID, .code = "invalid_parameter", .message = std::move(message)};
}

/// Finds a running command by its call, so that cancel() can reach it. Nothing of the host is called under the lock.
class RunningCalls {
 public:
  class Entry {
   public:
    explicit Entry(sdk::CallId id) : id_(id) {
      const std::lock_guard lock(mutex);
      switches.emplace(id_, &cancel_switch);
    }

    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    ~Entry() {
      const std::lock_guard lock(mutex);
      switches.erase(id_);
    }

    CancelSwitch cancel_switch;

   private:
    sdk::CallId id_;
  };

  static void cancel(sdk::CallId id) {
    const std::lock_guard lock(mutex);
    if (const auto found = switches.find(id); found != switches.end()) found->second->raise();
  }

 private:
  inline static std::mutex mutex;
  inline static std::unordered_map<sdk::CallId, CancelSwitch*> switches;
};

/// One output stream on its way into a value. Newlines at the end are held back while they may turn out to be the last.
class TextSink final : public OutputSink {
 public:
  TextSink(sdk::Call& call, bool strip_newline) : buffer_(call), strip_newline_(strip_newline) {}

  void append(std::string_view bytes) override {
    if (head_.size() < kHeadBytes) head_ += bytes.substr(0, kHeadBytes - head_.size());
    if (!strip_newline_) {
      buffer_.append(bytes);
      return;
    }
    const std::size_t text_bytes = bytes.find_last_not_of('\n') + 1;  // npos + 1 = 0: newlines only
    if (text_bytes > 0) {
      write_newlines();
      buffer_.append(bytes.substr(0, text_bytes));
    }
    held_newlines_ += bytes.size() - text_bytes;
  }

  [[nodiscard]] sdk::Value finish() { return buffer_.finish(); }

  [[nodiscard]] std::string_view head() const noexcept { return head_; }

 private:
  static constexpr std::size_t kHeadBytes = 1024;

  void write_newlines() {
    constexpr std::string_view kNewlines = "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n";
    while (held_newlines_ > 0) {
      const std::string_view some = kNewlines.substr(0, held_newlines_);
      buffer_.append(some);
      held_newlines_ -= some.size();
    }
  }

  sdk::Buffer buffer_;
  std::string head_;
  std::size_t held_newlines_ = 0;
  bool strip_newline_;
};

/// A value as text: strings and bytes as they are, everything else as compact JSON.
std::string_view text_of(sdk::Value value, const sdk::Call& call) {
  if (const auto text = value.if_text()) return *text;
  return call.to_json(value);
}

std::vector<EnvChange> environment(sdk::Value env, const sdk::Call& call) {
  std::vector<EnvChange> changes;
  for (const auto [name, value] : env.members()) {
    if (name.empty() || name.find('=') != std::string_view::npos || name.find('\0') != std::string_view::npos) {
      std::string message = "parameter \"env\": ";
      sdk::append_json(message, name);
      refuse(message + " cannot name an environment variable");
    }
    EnvChange change{std::string(name), std::nullopt};
    if (!value.is_null()) change.value = text_of(value, call);
    if (change.value && change.value->find('\0') != std::string::npos) {
      refuse("parameter \"env\": the value of " + change.name + " holds a NUL byte; hand it over in `stdin`");
    }
    changes.push_back(std::move(change));
  }
  if (const std::string_view run_id = call.info().run_id; !run_id.empty() && !env["PFLOW_RUN_ID"]) {
    changes.push_back({"PFLOW_RUN_ID", std::string(run_id)});
  }
  return changes;
}

struct Shell {
  static constexpr std::string_view kType = "shell";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;

  struct Params {
    std::string_view command;
    sdk::Value stdin_value;
    std::optional<std::string_view> cwd;
    sdk::Value env;
    std::optional<std::int64_t> timeout_ms;
    std::optional<double> timeout;
    bool ignore_errors = false;
    bool strip_newline = true;
    std::int64_t max_output_bytes = std::int64_t{64} << 20;

    static void declare(sdk::Fields<Params>& f);
  };

  static void describe(sdk::Description& d);
  sdk::Outcome run(const Params& params, sdk::Call& call) const;

  void cancel(sdk::CallId id) const { RunningCalls::cancel(id); }
};

void Shell::Params::declare(sdk::Fields<Params>& f) {
  constexpr double kYearMs = 366.0 * 24 * 3600 * 1000;
  f.add("command", &Params::command, "What /bin/sh -c is to run").required().shell_text();
  f.add("stdin", &Params::stdin_value,
        "What the command reads: strings and bytes as they are, other values as compact JSON; without it, nothing");
  f.add("cwd", &Params::cwd, "Directory to run in; default: the one pflow-host runs in");
  f.add("env", &Params::env,
        "Environment variables to add: strings as they are, other values as compact JSON; null removes one")
      .type(sdk::Type::kObject);
  // No default in the schema: the host would fill it in, and giving both could not be told from giving `timeout`.
  f.add("timeout_ms", &Params::timeout_ms, "Stop the command after so many milliseconds (30000 if not given)")
      .minimum(1)
      .maximum(kYearMs);
  f.add("timeout", &Params::timeout, "The same in seconds; give one of the two").minimum(0.001).maximum(kYearMs / 1000);
  f.add("ignore_errors", &Params::ignore_errors, "Count a non-zero exit code as success");
  f.add("strip_newline", &Params::strip_newline, "Take all newlines off the end of stdout, as $(...) does");
  f.add("max_output_bytes", &Params::max_output_bytes, "Most that stdout and stderr may amount to together").minimum(0);
}

void Shell::describe(sdk::Description& d) {
  d.text(
       "Runs a command with /bin/sh in a process group of its own. It ends with an error when the exit code is not 0, "
       "and waits for everything that still holds the command's stdout or stderr.")
      .primary("stdout", sdk::Output::kString, "What the command wrote to stdout; bytes if it is not UTF-8")
      .output("stderr", sdk::Output::kString, "What it wrote to stderr, unchanged; bytes if it is not UTF-8")
      .output("exit_code", sdk::Output::kInteger,
              "Its exit code; 128 + number if a signal killed it, -1 if it was stopped by pflow")
      .output("command", sdk::Output::kString, "The command as it was run")
      .output("stdout_is_binary", sdk::Output::kBoolean, "Whether stdout is bytes; pflow's documents read it")
      .output("stderr_is_binary", sdk::Output::kBoolean, "The same for stderr")
      .example("Count lines of an input", R"({"command": "wc -l", "stdin": "${text}"})")
      .example("Hand a value over safely", R"({"command": "echo \"$NAME\"", "env": {"NAME": "${name}"}})");
}

std::chrono::milliseconds timeout_of(const Shell::Params& params) {
  if (params.timeout && params.timeout_ms) {
    refuse("parameters \"timeout_ms\" and \"timeout\" (in seconds) mean the same: give one of them");
  }
  if (params.timeout) return std::chrono::milliseconds(static_cast<std::int64_t>(*params.timeout * 1000));
  return std::chrono::milliseconds(params.timeout_ms.value_or(30'000));
}

/// "~" and "~/..." are the user's home directory.
std::string directory_of(std::string_view cwd) {
  if (cwd != "~" && !cwd.starts_with("~/")) return std::string(cwd);
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  if (home == nullptr || *home == '\0') refuse("parameter \"cwd\" begins with ~, but HOME is not set");
  return std::string(home).append(cwd.substr(1));
}

ProcessSpec spec_of(const Shell::Params& params, const sdk::Call& call) {
  const std::string_view cwd = params.cwd.value_or(".");
  if (params.command.find('\0') != std::string_view::npos || cwd.find('\0') != std::string_view::npos) {
    refuse("parameters \"command\" and \"cwd\" cannot hold a NUL byte");
  }
  ProcessSpec spec;
  spec.command = params.command;
  if (params.cwd) spec.cwd = directory_of(cwd);
  spec.env = environment(params.env, call);
  if (params.stdin_value) spec.stdin_bytes = text_of(params.stdin_value, call);
  spec.timeout = timeout_of(params);
  spec.max_output_bytes = static_cast<std::uint64_t>(params.max_output_bytes);
  return spec;
}

int exit_code_of(const ProcessResult& result) {
  if (result.ending == Ending::kExited) return result.code;
  return result.ending == Ending::kSignalled ? 128 + result.code : -1;
}

sdk::Outcome Shell::run(const Params& params, sdk::Call& call) const {
  const ProcessSpec spec = spec_of(params, call);
  RunningCalls::Entry running(call.id());
  TextSink out(call, params.strip_newline);
  TextSink err(call, false);
  // A cancel() that came before there was an entry found nothing to raise; a later one does.
  const ProcessResult result =
      call.cancelled() ? ProcessResult{Ending::kCancelled, 0} : run_process(spec, running.cancel_switch, out, err);
  const sdk::Value out_value = out.finish();
  const sdk::Value err_value = err.finish();
  call.set("stdout", out_value);
  call.set("stderr", err_value);
  call.set("exit_code", exit_code_of(result));
  call.set("command", call.params()["command"]);
  call.set("stdout_is_binary", out_value.is(sdk::Type::kBytes));
  call.set("stderr_is_binary", err_value.is(sdk::Type::kBytes));
  if (result.ending == Ending::kExited && params.ignore_errors) return {};
  return judge(result, spec, head_of_stderr(err.head()));
}

}  // namespace
}  // namespace pflow::shell

PFLOW_PLUGIN("pflow.shell", "0.1.0", pflow::shell::Shell);
