#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/call.hpp"
#include "core/engine/engine.hpp"
#include "host/loader/registry.hpp"

/// What the loader's tests share: plugins are found, opened and run as the program does it, in this process.
namespace pflow::host::test {

/// A folder of its own, mode 0700, gone at the end.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  /// Writes a file with mode 0644 and gives its path.
  [[nodiscard]] std::filesystem::path file(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string content_of(const std::filesystem::path& file);

/// Keeps what plugins tell; `wait_for` makes late words of their threads awaitable.
class Told final : public CallEvents {
 public:
  [[nodiscard]] LogLevel log_level() const noexcept override { return LogLevel::kWarn; }

  void log(const Call* call, LogLevel level, std::string_view message, std::string_view fields_json) override;
  void chunk(const Call& call, std::string_view channel, std::string_view data) override;
  void emitted(const Call& call, std::string_view kind, const Value& payload) override;

  [[nodiscard]] bool meters() const noexcept override { return true; }

  void llm_usage(const Call& call, LlmUsageReport report) override;
  void http_exchange(const Call& call, HttpReport report) override;

  void secret_resolved(std::string_view name, const Value& value) override;

  void late_fault(std::string_view message) override;

  /// The first `count` words, in the order told; fewer when they do not come within ten seconds.
  [[nodiscard]] std::vector<std::string> wait_for(std::size_t count);
  [[nodiscard]] std::vector<std::string> words() const;
  [[nodiscard]] std::vector<std::string> secrets() const;  ///< "name=value" of each

 private:
  void add(std::string word);

  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::string> words_;
  std::vector<std::string> secrets_;
};

/// Options of a registry that knows these plugin files and nothing else; scanning is done by the built program.
[[nodiscard]] Registry::Options options_for(const std::vector<std::filesystem::path>& files);

struct RunSetup {
  std::string params = "{}";            ///< of node "n"
  std::string more_of_node = {};        ///< ", \"timeout_ms\": 50"
  std::string more_nodes = {};          ///< ", {\"id\": \"m\", ...}"
  std::string more_of_document = {};    ///< ", \"edges\": [...]"
  std::chrono::milliseconds grace{60};  ///< after a timeout
  HostServices services = {};
  std::vector<std::string> inputs = {};  ///< names; each has the value "value of <name>", made at run time
};

struct Ran {
  Problems problems;  ///< why it could not start
  RunResult result;
  std::string outputs;  ///< of node "n", as JSON
  Told* told = nullptr;
};

/// Runs a workflow with the one node "n" of `type`, offered by `file`. Plan, store, registry and control are kept until
/// the process ends, as the program keeps them when a call was left behind.
[[nodiscard]] Ran run_plugin(const std::filesystem::path& file, std::string_view type, const RunSetup& setup = {});

/// An error as one text: "code: message", then where and hint on lines of their own if they are there. Every
/// "<folder>/" is left out, if there is a folder.
[[nodiscard]] std::string text_of(const Error& error, const std::filesystem::path& folder);

/// What a finished process left.
struct Finished {
  int exit_code = -1;  ///< 128 + signal when one ended it
  std::string out;
  std::string err;
  long peak_kib = 0;
};

/// Runs the built program with a PFLOW_HOME of its own.
[[nodiscard]] Finished run_program(std::vector<std::string> arguments, const std::filesystem::path& home);

/// True when a sanitizer watches: memory is then not measured.
[[nodiscard]] bool is_sanitized() noexcept;

}  // namespace pflow::host::test
