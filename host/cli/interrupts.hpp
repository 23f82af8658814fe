#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace pflow::host {

/// SIGINT, SIGTERM and SIGHUP as calls on a thread of its own, where anything may be done. The first signal calls the
/// handler; a second one ends the process at once. SIGPIPE and SIGXFSZ do nothing: the write tells. Processes that are
/// started meanwhile have the default effects. One a process.
class Interrupts {
 public:
  using Handler = std::function<void(int signal)>;

  explicit Interrupts(Handler handler);
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();

  /// Gives the signals their default effect again: nothing is left to be cancelled. The first one stays known.
  void stop();

  void set_handler(Handler handler);  ///< any thread

  [[nodiscard]] int signal() const noexcept { return signal_; }  ///< the first one that came, or 0

 private:
  void wait();

  std::mutex mutex_;
  Handler handler_;
  std::atomic<int> signal_{0};
  std::thread thread_;  // last: it uses the rest
};

}  // namespace pflow::host
