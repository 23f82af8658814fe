#include "host/cli/call_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kMaxLateFaults = 20;
constexpr std::size_t kShownPayload = 500;

LogLevel level_for(int verbosity) noexcept {
  if (verbosity >= 2) return LogLevel::kTrace;
  return verbosity == 1 ? LogLevel::kInfo : LogLevel::kOff;
}

}  // namespace

CallLog::CallLog(Console& console, int verbosity)
    : console_(console),
      level_(level_for(verbosity)),
      show_text_(verbosity >= 1 || (verbosity == 0 && console.stderr_is_terminal())) {}

LogLevel CallLog::log_level() const noexcept {
  const CallEvents* const collector = collector_;
  return collector == nullptr ? level_ : std::min(level_, collector->log_level());
}

void CallLog::llm_usage(const Call& call, LlmUsageReport report) {
  if (CallEvents* const collector = collector_) collector->llm_usage(call, std::move(report));
}

void CallLog::http_exchange(const Call& call, HttpReport report) {
  if (CallEvents* const collector = collector_) collector->http_exchange(call, std::move(report));
}

void CallLog::log(const Call* call, LogLevel level, std::string_view message, std::string_view fields_json) {
  if (CallEvents* const collector = collector_) collector->log(call, level, message, fields_json);
  if (level < level_) return;
  console_.note(fmt::format("[{}] {}{}{}{}", log_level_name(level),
                            call != nullptr ? fmt::format("{}: ", call->identity().node_id) : "", message,
                            fields_json.empty() ? "" : " ", fields_json));
}

void CallLog::chunk(const Call& call, std::string_view channel, std::string_view data) {
  if (!show_text_ || channel != "text" || data.empty()) return;
  const std::lock_guard lock(mutex_);
  line_is_open_ = !data.ends_with('\n');
  console_.stream(&call, data);
}

void CallLog::emitted(const Call& call, std::string_view kind, const Value& payload) {
  if (level_ > LogLevel::kDebug) return;
  const std::string shown = console_.redactor().redact(to_json(payload));  // before it is cut
  console_.note(
      fmt::format("[{}] {}: {}", printable(kind, 64), call.identity().node_id, printable(shown, kShownPayload)));
}

void CallLog::secret_resolved(std::string_view name, const Value& value) {
  console_.redactor().add(name, value);
}

void CallLog::late_fault(std::string_view message) {
  const std::lock_guard lock(mutex_);
  if (late_faults_.size() >= kMaxLateFaults) return;
  Error e;
  e.code = Code::kPluginMisbehaved;
  e.message = message;
  e.hint = "This is a defect of the plugin: tell its author.";
  late_faults_.push_back(std::move(e));
}

Problems CallLog::finish() {
  const std::lock_guard lock(mutex_);
  console_.end_streams();
  if (line_is_open_) console_.raw("\n");
  line_is_open_ = false;
  return std::exchange(late_faults_, {});
}

}  // namespace pflow::host
