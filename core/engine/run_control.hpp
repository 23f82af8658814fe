#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace pflow {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The one place where a run waits and from where it is woken: shared by the engine, the calls in flight and whoever
/// may stop the run. Any thread.
class RunControl {
 public:
  /// Asks the run to stop: calls in flight are cancelled, no further node starts. Not for signal handlers.
  void cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_.store(true, std::memory_order_release);
    wake_.notify_all();
  }

  [[nodiscard]] bool cancelled() const noexcept { return cancelled_.load(std::memory_order_acquire); }

 private:
  friend class Call;
  friend class Engine;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace pflow
