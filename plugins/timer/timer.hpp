#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include <pflow/node.hpp>

namespace pflow::timer {

/// Ends calls after a delay, all of them from one thread that starts with the first. Any thread may use it; a call is
/// ended outside the lock, since the host may call back.
class Timer {
 public:
  using Clock = std::chrono::steady_clock;

  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();  ///< ends what is left as dropped and joins the thread

  /// Ends a call; on the timer's thread, so it must not wait.
  using Ending = std::function<void(sdk::Completion completion)>;

  /// Has `ending` end the call at `when`. O(log waiting calls).
  void end_at(Clock::time_point when, sdk::Completion completion, Ending ending);

  /// Ends the call as cancelled now, if it is waiting here; else does nothing.
  void cancel(sdk::CallId id) noexcept;

 private:
  using Key = std::pair<Clock::time_point, std::uint64_t>;  // the number keeps equal times apart

  struct Waiting {
    sdk::Completion completion;
    Ending ending;
  };

  void loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<Key, Waiting> queue_;
  std::unordered_map<sdk::CallId, Key> by_call_;
  std::uint64_t next_number_ = 0;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

/// A plugin's one timer, made when a call first waits. Static destructors must not meet its thread, so it is freed by
/// stop() only, which deinit() calls.
class SharedTimer {
 public:
  [[nodiscard]] static Timer& get();
  [[nodiscard]] static Timer* if_made() noexcept;
  static void stop() noexcept;
};

}  // namespace pflow::timer
