#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/http_report.hpp"
#include "core/base/value.hpp"
#include "core/engine/failure.hpp"
#include "core/engine/node.hpp"
#include "core/engine/run_control.hpp"
#include "core/pricing/usage_report.hpp"
#include "core/store/scope.hpp"

namespace pflow {

class Call;
class Flight;

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };

/// "trace", "debug", "info", "warning", "error" or "off".
[[nodiscard]] std::string_view log_level_name(LogLevel level) noexcept;

/// Takes what nodes tell while they run. Called from any thread, by several at once.
class CallEvents {
 public:
  virtual ~CallEvents() = default;
  /// The least level that anybody reads.
  [[nodiscard]] virtual LogLevel log_level() const noexcept = 0;
  virtual void log(const Call* call, LogLevel level, std::string_view message, std::string_view fields_json) = 0;
  /// Output as it comes: `channel` is "text", "reasoning" or a vendor's own.
  virtual void chunk(const Call& call, std::string_view channel, std::string_view data) = 0;
  /// "progress", "metric" or a plugin's own kind.
  virtual void emitted(const Call& call, std::string_view kind, const Value& payload) = 0;
  [[nodiscard]] virtual bool meters() const noexcept = 0;  ///< whether the two that follow are of use to anybody
  /// A node told of an LLM call that it made.
  virtual void llm_usage(const Call& call, LlmUsageReport report) = 0;
  /// An HTTP exchange of the call has ended.
  virtual void http_exchange(const Call& call, HttpReport report) = 0;
  /// A parameter that is secret has been filled in: its value goes into no text from now on. Before the node runs.
  virtual void secret_resolved(std::string_view name, const Value& value) = 0;
  /// A plugin broke the contract after its call had ended: too late to fail the call, not to tell.
  virtual void late_fault(std::string_view message) = 0;
};

/// One execution of a node: what it reads, what it produces, how it ends. All attempts of a call share one Call.
///
/// A node's own thread, or the one that completes the call, uses it; never two at once (a node that lets several
/// threads in holds them apart). The engine reads the outcome after the call has ended.
class Call : public std::enable_shared_from_this<Call> {
 public:
  /// Texts live as long as the run.
  struct Identity {
    std::string_view run_id;
    std::string_view workflow_id;
    std::string_view workflow_dir;
    std::string_view node_id;
    NodeIndex node = kNoNode;
    std::int64_t visit = 1;
    std::int64_t batch_index = -1;
    std::uint64_t number = 0;  ///< of the call in its run, from 1 on
    std::uint64_t parent = 0;  ///< the number of the call whose nested workflow it belongs to; 0: none
  };

  /// When its node worked. Kept by the outermost wrapper of a measured run; without one it says nothing.
  struct Times {
    SteadyTime started;          ///< the first attempt
    SteadyTime attempt_started;  ///< the last one
    SteadyTime ended;            ///< the last one, by return, completion or because it was left behind
  };

  Call(RunControl& control, CallEvents* events) noexcept : control_(&control), events_(events) {}

  [[nodiscard]] const Identity& identity() const noexcept { return identity_; }

  [[nodiscard]] std::uint32_t attempt() const noexcept { return attempt_; }

  [[nodiscard]] std::optional<SteadyTime> deadline() const noexcept { return deadline_; }

  [[nodiscard]] const Value& params() const noexcept { return params_; }

  [[nodiscard]] const Scope& scope() const noexcept { return scope_; }

  [[nodiscard]] CallEvents* events() const noexcept { return events_; }  ///< nullptr: nobody listens

  [[nodiscard]] bool cancelled() const noexcept { return cancel_sent_.load(); }

  [[nodiscard]] const Times& times() const noexcept { return times_; }

  [[nodiscard]] bool abandoned() const noexcept { return abandoned_; }

  // For wrappers.
  /// Notes that an attempt begins; its end is noted by `stop_clock`, or by `complete` when it is left pending.
  void start_clock() noexcept {
    times_.attempt_started = std::chrono::steady_clock::now();
    if (attempt_ == 1) times_.started = times_.attempt_started;
    timed_ = true;
  }

  void stop_clock() noexcept { times_.ended = std::chrono::steady_clock::now(); }

  void narrow_to(NodeIndex self) noexcept { scope_ = scope_.narrowed(self); }

  void set_params(Value params) noexcept { params_ = std::move(params); }

  void note_unresolved(Problems problems);

  /// For the innermost node, before it enters code that may take long; a further time with another state. `state` is
  /// what it keeps of the attempt, so that `cancel` and `abandon` find it. False: the call was cancelled before, and
  /// the node ends it at once. Until then only the host's own code runs, which is never abandoned.
  [[nodiscard]] bool enter(void* state) noexcept {
    // Both sides write first and read then, in one order for all: an entry that misses a cancel is seen by it.
    attempt_state_.store(state);
    return !cancel_sent_.load();
  }

  [[nodiscard]] void* attempt_state() const noexcept { return attempt_state_.load(); }  ///< nullptr: not entered

  // What the node produces. Nothing of it reaches the store before the call has ended.
  void write(std::string_view key, Value value) { staged_.set(key, std::move(value)); }

  void set_action(std::string_view action) { action_ = action; }

  void fail(Failure failure) { failure_ = std::move(failure); }

  /// Ends a call whose run returns kPending; once. The call stays alive until this has returned.
  void complete() noexcept;

  /// For the node of a nested workflow, whose run then returns kPending: the engine runs that workflow, and its end is
  /// the call's.
  void run_child() noexcept { child_wanted_ = true; }

  // The outcome.
  [[nodiscard]] const ValueMap& staged() const noexcept { return staged_; }

  [[nodiscard]] std::string_view action() const noexcept;

  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }

  // For the engine.
  void begin(const Identity& identity, const Scope& scope);

  void set_number(std::uint64_t number) noexcept { identity_.number = number; }

  void begin_attempt(std::uint32_t attempt, std::optional<SteadyTime> deadline);

  [[nodiscard]] Problems take_unresolved() noexcept { return std::exchange(unresolved_, {}); }

  /// What a nested workflow had to warn of, and whether it ended degraded.
  void note_child(Problems warnings, bool degraded) noexcept {
    child_warnings_ = std::move(warnings);
    child_degraded_ = degraded;
  }

  [[nodiscard]] Problems take_child_warnings() noexcept { return std::exchange(child_warnings_, {}); }

  [[nodiscard]] bool degraded() const noexcept { return child_degraded_ || !unresolved_.empty(); }

 private:
  friend class CallLoop;
  friend class Worker;

  /// Takes the place of `left`, an entered call that is left to its threads: what it was given, nothing it produced.
  void replace(const Call& left);
  /// Tells the engine that run came back. `self`, the caller's reference, is given up under the lock, so that an engine
  /// that sees the end is the only holder.
  void run_returned(RunState state, std::shared_ptr<Call> self);
  /// Whether the attempt that was asked to end by `ticket` is still there to be cancelled; else `self` is given up, as
  /// by run_returned.
  [[nodiscard]] bool begin_cancel(std::uint64_t ticket, std::shared_ptr<Call>& self);
  void cancel_returned(std::shared_ptr<Call> self);  ///< the same as run_returned, of cancel

  [[nodiscard]] bool ended_locked() const noexcept { return returned_ && (!pending_ || completed_) && !cancelling_; }

  void tell_end_locked();  ///< when it has ended

  RunControl* control_;
  CallEvents* events_;
  Identity identity_;
  Scope scope_;
  Value params_;
  std::uint32_t attempt_ = 0;
  std::optional<SteadyTime> deadline_;
  std::atomic<bool> cancel_sent_{false};
  std::atomic<void*> attempt_state_{nullptr};

  ValueMap staged_;
  std::string action_;
  std::optional<Failure> failure_;
  Problems unresolved_;
  Problems child_warnings_;

  Times times_{};
  bool timed_ = false;  // by every wrapper or by none: never taken back

  bool abandoned_ = false;
  bool child_wanted_ = false;
  bool child_degraded_ = false;
  Flight* flight_ = nullptr;  // what the engine knows it by

  // Guarded by the control's mutex.
  bool returned_ = false;
  bool pending_ = false;
  bool completed_ = false;
  bool cancelling_ = false;                 // cancel has begun and not returned
  std::optional<SteadyTime> cancel_begun_;  // of this attempt
  bool left_behind_ = false;
  std::uint64_t cancel_ticket_ = 0;  // of the attempt that may be cancelled
  Call* next_ended_ = nullptr;       // in the control's list
};

}  // namespace pflow
