#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "core/engine/call.hpp"
#include "host/cli/console.hpp"

namespace pflow::host {

/// Shows on stderr what nodes tell while they run: their logs with -v and -vv, streamed text on a terminal or with -v.
/// Remembers what plugins did wrong after their calls had ended. Any thread.
class CallLog final : public CallEvents {
 public:
  CallLog(Console& console, int verbosity);

  /// Hands on what a collector wants to know: usage and logs. Borrowed; while no call is running.
  void set_collector(CallEvents* collector) noexcept { collector_ = collector; }

  [[nodiscard]] LogLevel log_level() const noexcept override;

  void log(const Call* call, LogLevel level, std::string_view message, std::string_view fields_json) override;
  void chunk(const Call& call, std::string_view channel, std::string_view data) override;
  void emitted(const Call& call, std::string_view kind, const Value& payload) override;

  [[nodiscard]] bool meters() const noexcept override { return collector_ != nullptr; }

  void llm_usage(const Call& call, LlmUsageReport report) override;
  void http_exchange(const Call& call, HttpReport report) override;
  void secret_resolved(std::string_view name, const Value& value) override;
  void late_fault(std::string_view message) override;

  /// After the run: ends the line of streamed text, when one is open, and gives the late faults.
  [[nodiscard]] Problems finish();

 private:
  Console& console_;
  std::atomic<CallEvents*> collector_{nullptr};
  LogLevel level_;
  bool show_text_;
  std::mutex mutex_;
  bool line_is_open_ = false;
  Problems late_faults_;
};

}  // namespace pflow::host
