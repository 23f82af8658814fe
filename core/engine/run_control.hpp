#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

#include "core/engine/failure.hpp"

namespace pflow {

class Call;

using SteadyTime = std::chrono::steady_clock::time_point;

[[nodiscard]] inline std::int64_t ns_between(SteadyTime from, SteadyTime to) noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(to - from).count();
}

/// The one place where a run waits and from where it is woken: shared by the engine, the calls in flight and whoever
/// may stop the run. Any thread.
class RunControl {
 public:
  /// Asks the run to stop: calls in flight are cancelled, no further one starts. Not for signal handlers.
  void cancel() {
    const std::lock_guard lock(mutex_);
    state_.store(State::kCancelled, std::memory_order_release);
    wake_.notify_all();
  }

  /// Lets no further call and no further attempt start; those in flight end as they would. The first reason counts: it
  /// becomes the run's error. Nothing happens when the run is cancelled already.
  void close(Failure reason) {
    const std::lock_guard lock(mutex_);
    if (state_.load(std::memory_order_relaxed) != State::kOpen) return;
    reason_ = std::move(reason);
    state_.store(State::kClosed, std::memory_order_release);
    wake_.notify_all();
  }

  [[nodiscard]] bool cancelled() const noexcept { return state_.load(std::memory_order_acquire) == State::kCancelled; }

  [[nodiscard]] bool open() const noexcept { return state_.load(std::memory_order_acquire) == State::kOpen; }

  [[nodiscard]] const Failure& reason() const noexcept { return reason_; }  ///< when it was closed

 private:
  friend class Call;
  friend class CallLoop;

  enum class State : std::uint8_t { kOpen, kClosed, kCancelled };

  std::mutex mutex_;
  std::condition_variable wake_;
  // Attempts that have ended since the engine last looked, in that order: a list through the calls. Under the mutex.
  Call* first_ended_ = nullptr;
  Call* last_ended_ = nullptr;
  Failure reason_;  // immutable once closed
  std::atomic<State> state_{State::kOpen};
};

}  // namespace pflow
