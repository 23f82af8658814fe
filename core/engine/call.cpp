#include "core/engine/call.hpp"

#include <array>
#include <iterator>

#include "core/engine/node_type.hpp"

namespace pflow {

std::string_view log_level_name(LogLevel level) noexcept {
  constexpr std::array<std::string_view, 6> kNames = {"trace", "debug", "info", "warning", "error", "off"};
  return kNames[static_cast<std::size_t>(level)];
}

void Call::note_unresolved(Problems problems) {
  unresolved_.insert(unresolved_.end(), std::make_move_iterator(problems.begin()),
                     std::make_move_iterator(problems.end()));
}

std::string_view Call::action() const noexcept {
  if (failure_) return kErrorAction;
  return action_.empty() ? kDefaultAction : std::string_view(action_);
}

void Call::begin(const Identity& identity, const Scope& scope) {
  begin_attempt(0, std::nullopt);  // nothing of an earlier call may show before the first attempt
  identity_ = identity;
  scope_ = scope;
  params_ = Value();
}

void Call::begin_attempt(std::uint32_t attempt, std::optional<SteadyTime> deadline) {
  if (cancel_sent_.load(std::memory_order_relaxed)) {  // a cancel that has not begun yet is not meant for this attempt
    const std::lock_guard lock(control_->mutex_);
    ++cancel_ticket_;
  }
  attempt_ = attempt;
  deadline_ = deadline;
  cancel_sent_.store(false, std::memory_order_relaxed);
  attempt_state_.store(nullptr, std::memory_order_relaxed);  // no thread of an earlier attempt is left
  abandoned_ = false;
  child_wanted_ = child_degraded_ = false;
  child_warnings_.clear();
  staged_.clear();
  action_.clear();
  failure_.reset();
  unresolved_.clear();
  returned_ = pending_ = completed_ = cancelling_ = false;
  cancel_begun_.reset();
}

void Call::replace(const Call& left) {
  begin(left.identity_, left.scope_);
  params_ = left.params_;
  begin_attempt(left.attempt_, left.deadline_);
  unresolved_ = left.unresolved_;
  timed_ = left.timed_;
  times_.started = left.times_.started;  // written before it was entered; its end may be being written just now
  times_.attempt_started = left.times_.attempt_started;
  if (timed_) stop_clock();
  abandoned_ = true;
}

void Call::tell_end_locked() {
  if (!ended_locked() || left_behind_) return;
  RunControl& control = *control_;
  next_ended_ = nullptr;
  (control.last_ended_ == nullptr ? control.first_ended_ : control.last_ended_->next_ended_) = this;
  control.last_ended_ = this;
  control.wake_.notify_all();
}

void Call::run_returned(RunState state, std::shared_ptr<Call> self) {
  RunControl& control = *control_;
  const std::lock_guard lock(control.mutex_);
  returned_ = true;
  pending_ = state == RunState::kPending;
  tell_end_locked();
  self.reset();
}

bool Call::begin_cancel(std::uint64_t ticket, std::shared_ptr<Call>& self) {
  RunControl& control = *control_;
  const std::lock_guard lock(control.mutex_);
  if (ticket != cancel_ticket_ || left_behind_ || ended_locked()) {
    self.reset();
    return false;
  }
  cancelling_ = true;
  cancel_begun_ = std::chrono::steady_clock::now();
  return true;
}

void Call::cancel_returned(std::shared_ptr<Call> self) {
  RunControl& control = *control_;
  const std::lock_guard lock(control.mutex_);
  cancelling_ = false;
  tell_end_locked();
  self.reset();
}

void Call::complete() noexcept {
  // The engine may drop its reference as soon as it sees the end; this one lasts until the lock is released.
  const std::shared_ptr<Call> alive = shared_from_this();
  if (timed_) stop_clock();
  const std::lock_guard lock(control_->mutex_);  // destroyed before `alive`
  completed_ = true;
  tell_end_locked();
}

}  // namespace pflow
