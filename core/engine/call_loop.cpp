#include "core/engine/call_loop.hpp"

#include <algorithm>
#include <cmath>

namespace pflow {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kMostGraces = 4;             // that a call waits for its cancel to begin, behind those of other calls
constexpr milliseconds kHostCodePause{5};  // between looks at a call that the host's own code is about to end
constexpr double kJitterShare = 0.25;
constexpr double kMaxToldWaitMs = 60'000;  // of a wait that a server names, unless the workflow sets a limit

std::optional<SteadyTime> earlier(std::optional<SteadyTime> a, std::optional<SteadyTime> b) {
  return a && b ? std::min(*a, *b) : (a ? a : b);
}

}  // namespace

CallLoop::~CallLoop() = default;

// What is over before it began does not start; a node that starts is one that may still finish.
Ending CallLoop::over(const WalkLimits& limits) const {
  if (!control_.open()) return control_.cancelled() ? Ending::kCancelled : Ending::kClosed;
  if (limits.stopped) return Ending::kStopped;
  if (!run_deadline_ && !limits.deadline) return Ending::kEnded;
  const SteadyTime now = Clock::now();
  if (run_deadline_ && now >= *run_deadline_) return Ending::kDeadline;
  return limits.deadline && now >= *limits.deadline ? Ending::kWorkflowDeadline : Ending::kEnded;
}

bool CallLoop::go(Flight& f, std::uint32_t attempt) {
  for (;; ++attempt) {
    if (!begin_attempt(f, attempt)) return false;
    switch (settle(f)) {
      case Settled::kOver:
        return true;
      case Settled::kPausing:
        return false;
      case Settled::kAgain:
        break;
    }
  }
}

bool CallLoop::begin_attempt(Flight& f, std::uint32_t attempt) {
  Call& call = *f.call_;
  call.begin_attempt(attempt, attempt_deadline(f));
  call.flight_ = &f;
  f.asked_ = Ending::kEnded;
  if (!f.node_->type->nonblocking) {
    begin_on_worker(f);
    return false;
  }
  tell_started(f);
  if (f.instance_->run(call) == RunState::kEnded) return true;
  activate(f, Flight::Stage::kRunning);
  if (call.deadline_) set_timer(f, *call.deadline_);
  call.run_returned(RunState::kPending, nullptr);
  if (!call.child_wanted_) return false;
  f.child_ = children_.begin_child(f);
  if (f.child_) return false;
  if (call.timed_) call.stop_clock();
  deactivate(f);
  return true;
}

void CallLoop::begin_on_worker(Flight& f) {
  if (idle_.empty() && workers_ >= kMaxWorkers) {
    activate(f, Flight::Stage::kNeedsWorker);
    f.place_ = waiting_.insert(waiting_.end(), &f);
    if (const auto limit = limit_of(f)) set_timer(f, *limit);
    return;
  }
  if (idle_.empty()) {
    idle_.push_back(std::make_unique<Worker>());
    ++workers_;
  }
  f.worker_ = std::move(idle_.back());
  idle_.pop_back();
  tell_started(f);
  activate(f, Flight::Stage::kRunning);
  if (f.call_->deadline_) set_timer(f, *f.call_->deadline_);
  f.worker_->start(*f.instance_, f.call_);
}

void CallLoop::serve_waiting() {
  while (!waiting_.empty() && (!idle_.empty() || workers_ < kMaxWorkers)) {
    Flight& f = *waiting_.front();
    if (const Ending ending = over(f.limits_); ending != Ending::kEnded) {
      end_waiting(f, ending);
      over_.push_back(&f);
      continue;
    }
    waiting_.pop_front();
    f.call_->deadline_ = attempt_deadline(f);  // its time begins now
    begin_on_worker(f);
  }
}

void CallLoop::end_waiting(Flight& f, Ending ending) {
  waiting_.erase(f.place_);
  deactivate(f);
  judge(f, ending);
}

void CallLoop::tell_started(Flight& f) {
  if (f.told_) return;
  f.told_ = true;
  if (options_.observer != nullptr) options_.observer->call_started(*f.node_, *f.call_);
}

CallLoop::Settled CallLoop::settle(Flight& f) {
  judge(f, f.asked_);
  Call& call = *f.call_;
  if (!call.failure_) return Settled::kOver;
  const std::optional<milliseconds> wait = retry_wait(f);
  if (!wait) return Settled::kOver;
  if (options_.observer != nullptr) options_.observer->attempt_failed(*f.node_, call, *wait);
  if (const Ending ending = over(f.limits_); ending != Ending::kEnded) {
    give_up(f, ending);
    return Settled::kOver;
  }
  if (wait->count() == 0) return Settled::kAgain;
  activate(f, Flight::Stage::kPausing);
  set_timer(f, *earlier(limit_of(f), Clock::now() + *wait));
  return Settled::kPausing;
}

Flight& CallLoop::next() {
  while (true) {
    if (!over_.empty()) {
      Flight& f = *over_.front();
      over_.pop_front();
      return f;
    }
    if (Call* ended = take_ended()) {
      if (landed(*ended->flight_)) return *ended->flight_;
      continue;
    }
    spread_end();
    if (!over_.empty()) continue;
    if (!timers_.empty() && timers_.begin()->first.first <= Clock::now()) {
      Flight& f = *timers_.begin()->second;
      if (timer_due(f)) return f;
      continue;
    }
    wait();
  }
}

Call* CallLoop::take_ended() {
  const std::lock_guard lock(control_.mutex_);
  Call* const call = control_.first_ended_;
  if (call == nullptr) return nullptr;
  control_.first_ended_ = call->next_ended_;
  if (control_.first_ended_ == nullptr) control_.last_ended_ = nullptr;
  return call;
}

// An attempt that was under way has ended.
bool CallLoop::landed(Flight& f) {
  deactivate(f);
  f.child_.reset();
  if (f.worker_) {
    idle_.push_back(std::move(f.worker_));
    serve_waiting();
  }
  switch (settle(f)) {
    case Settled::kOver:
      return true;
    case Settled::kPausing:
      return false;
    case Settled::kAgain:
      break;
  }
  return go(f, f.call_->attempt_ + 1);
}

bool CallLoop::timer_due(Flight& f) {
  clear_timer(f);
  Call& call = *f.call_;
  if (f.stage_ == Flight::Stage::kPausing) {
    deactivate(f);
    if (const Ending ending = over(f.limits_); ending != Ending::kEnded) {
      give_up(f, ending);
      return true;
    }
    return go(f, call.attempt_ + 1);
  }
  if (f.stage_ == Flight::Stage::kNeedsWorker) {
    end_waiting(f, over(f.limits_));
    return true;
  }
  if (f.stage_ == Flight::Stage::kAskedToEnd) return leave_behind(f);
  const auto reached = [&](const std::optional<SteadyTime>& limit) { return limit && *call.deadline_ >= *limit; };
  ask_to_end(f, reached(run_deadline_)        ? Ending::kDeadline
                : reached(f.limits_.deadline) ? Ending::kWorkflowDeadline
                                              : Ending::kTimedOut);
  return false;
}

void CallLoop::ask_to_end(Flight& f, Ending why) {
  Call& call = *f.call_;
  switch (f.stage_) {
    case Flight::Stage::kIdle:
      return;
    case Flight::Stage::kAskedToEnd:
      if (f.asked_ == Ending::kTimedOut) f.asked_ = why;  // no further attempt follows
      return;
    case Flight::Stage::kPausing:
      deactivate(f);
      give_up(f, why);
      over_.push_back(&f);
      return;
    case Flight::Stage::kNeedsWorker:
      end_waiting(f, why);
      over_.push_back(&f);
      return;
    case Flight::Stage::kRunning:
      break;
  }
  f.asked_ = why;
  f.stage_ = Flight::Stage::kAskedToEnd;
  call.cancel_sent_.store(true);
  if (f.child_) {  // its own calls are asked, and left behind if they must be
    clear_timer(f);
    f.child_->stop();
    return;
  }
  f.asked_at_ = Clock::now();
  set_timer(f, f.asked_at_ + options_.grace);
  if (!canceller_) canceller_ = std::make_unique<Worker>();
  canceller_->cancel(*f.instance_, f.call_);
}

// The run was cancelled or closed: told to every call, once.
void CallLoop::spread_end() {
  const RunControl::State now = control_.state_.load(std::memory_order_acquire);
  if (now == spread_) return;
  spread_ = now;
  const std::vector<Flight*> all = active_;  // some leave it
  for (Flight* f : all) {
    const bool waits = f->stage_ == Flight::Stage::kPausing || f->stage_ == Flight::Stage::kNeedsWorker;
    if (now == RunControl::State::kCancelled) {
      ask_to_end(*f, Ending::kCancelled);
    } else if (waits) {
      ask_to_end(*f, Ending::kClosed);
    }
  }
}

// Cancels are called one after another: a call whose turn comes late, behind one that takes long or hangs, has its
// grace from then on.
std::optional<SteadyTime> CallLoop::grace_end_locked(const Flight& f) const {
  const SteadyTime now = Clock::now();
  const SteadyTime last = f.asked_at_ + kMostGraces * options_.grace;
  SteadyTime end = std::min(now + options_.grace, last);
  if (const auto& begun = f.call_->cancel_begun_) {
    const bool late = *begun - f.asked_at_ > options_.grace / 4;
    end = (late ? *begun : f.asked_at_) + options_.grace;
  }
  return end > now ? std::optional(end) : std::nullopt;
}

// It was asked to end and its grace is over. True: nobody waits for it any more.
bool CallLoop::leave_behind(Flight& f) {
  bool cancelling = false;
  {
    const std::lock_guard lock(control_.mutex_);
    if (f.call_->ended_locked()) return false;  // it stands in the list
    if (const auto later = grace_end_locked(f)) {
      set_timer(f, *later);
      return false;
    }
    if (f.call_->attempt_state() != nullptr) {
      cancelling = f.call_->cancelling_;
      f.call_->left_behind_ = true;
    }
  }
  if (!f.call_->left_behind_) {  // it was asked in time, so it will not be entered and ends by itself
    set_timer(f, Clock::now() + kHostCodePause);
    return false;
  }
  f.instance_->abandon(*f.call_);
  if (f.worker_) {
    f.worker_->leave_behind();
    f.worker_.reset();
    --workers_;
  }
  if (cancelling) {
    std::unique_ptr<Worker> stuck = std::exchange(canceller_, std::make_unique<Worker>());
    stuck->leave_behind(canceller_.get());
  }
  auto replacement = make_call();
  replacement->replace(*f.call_);
  f.call_ = std::move(replacement);
  ++abandoned_;
  deactivate(f);
  serve_waiting();
  judge(f, f.asked_);
  return true;
}

void CallLoop::wait() {
  std::unique_lock lock(control_.mutex_);
  if (control_.first_ended_ != nullptr || control_.state_.load(std::memory_order_relaxed) != spread_) return;
  if (timers_.empty()) {
    control_.wake_.wait(lock);
  } else {
    control_.wake_.wait_until(lock, timers_.begin()->first.first);
  }
}

void CallLoop::activate(Flight& f, Flight::Stage stage) {
  if (f.stage_ == Flight::Stage::kIdle) {
    f.slot_ = active_.size();
    active_.push_back(&f);
  }
  f.stage_ = stage;
}

void CallLoop::deactivate(Flight& f) {
  if (f.stage_ == Flight::Stage::kIdle) return;
  clear_timer(f);
  active_[f.slot_] = active_.back();
  active_[f.slot_]->slot_ = f.slot_;
  active_.pop_back();
  f.stage_ = Flight::Stage::kIdle;
}

void CallLoop::set_timer(Flight& f, SteadyTime at) {
  clear_timer(f);
  f.timer_ = {at, ++timers_made_};
  timers_.emplace(*f.timer_, &f);
}

void CallLoop::clear_timer(Flight& f) {
  if (f.timer_) timers_.erase(*f.timer_);
  f.timer_.reset();
}

void CallLoop::give_up(Flight& f, Ending ending) const {
  Call& call = *f.call_;
  call.failure_ = no_retry_of(ending, f.limits_, control_, call.attempt_, *call.failure_);
}

std::optional<SteadyTime> CallLoop::limit_of(const Flight& f) const {
  return earlier(run_deadline_, f.limits_.deadline);
}

std::optional<SteadyTime> CallLoop::attempt_deadline(const Flight& f) const {
  const std::optional<SteadyTime> limit = limit_of(f);
  if (!f.node_->timeout_ms) return limit;
  return earlier(limit, Clock::now() + milliseconds(*f.node_->timeout_ms));
}

void CallLoop::judge(Flight& f, Ending ending) const {
  Call& call = *f.call_;
  if (ending == Ending::kEnded || (!call.abandoned_ && !call.failure_ && call.attempt_ != 0 && call.returned_)) {
    if (!call.failure_ && call.action_ == kErrorAction) {
      call.failure_.emplace().message = "it ended with the action \"error\"";
    }
    return;
  }
  call.failure_ = end_of(ending, f.limits_, control_, *f.node_, call.abandoned_);
}

std::optional<milliseconds> CallLoop::retry_wait(const Flight& flight) const {
  const Call& call = *flight.call_;
  const Failure& f = *call.failure_;
  const ir::RetryPolicy& retry = flight.node_->retry;
  if (call.attempt_ >= retry.max_attempts || call.abandoned_) return std::nullopt;
  if (f.kind == FailureKind::kInvalidParameters || f.kind == FailureKind::kAuthentication ||
      f.kind == FailureKind::kCancelled) {
    return std::nullopt;
  }
  if (!flight.node_->retry_is_explicit && !f.retryable) return std::nullopt;
  double wanted = static_cast<double>(f.retry_after_ms);
  auto most = static_cast<double>(retry.max_wait_ms);
  if (f.retry_after_ms >= 0) {
    // A type's own limit is for waits that are guessed: to come back too early only costs another refusal.
    if (!flight.node_->retry_is_explicit) most = std::max(most, kMaxToldWaitMs);
  } else {
    wanted = static_cast<double>(retry.wait_ms) * std::pow(retry.backoff, call.attempt_ - 1);
    if (options_.jitter != nullptr) wanted *= 1 - kJitterShare * options_.jitter();
  }
  return milliseconds(static_cast<std::int64_t>(std::min(wanted, most)));
}

}  // namespace pflow
