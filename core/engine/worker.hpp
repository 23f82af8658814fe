#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "core/engine/call.hpp"
#include "core/engine/node.hpp"

namespace pflow {

/// A thread that runs blocking nodes, or asks their calls to end, one after the other, so that the engine can stop
/// waiting.
class Worker {
 public:
  Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();  ///< waits for what it was given, unless it was left behind

  /// Runs `node` and then tells `call` that it returned.
  void start(Node& node, std::shared_ptr<Call> call);

  /// Cancels the present attempt of `call` and then tells it so; does nothing once that attempt has ended.
  void cancel(Node& node, std::shared_ptr<Call> call);

  /// The call in progress may never return: the thread is on its own from now on. What it had not begun is begun by
  /// `next`, or, without one, not at all.
  void leave_behind(Worker* next = nullptr);

 private:
  enum class Kind : std::uint8_t { kRun, kCancel };

  struct Task {
    Kind kind = Kind::kRun;
    Node* node = nullptr;
    std::shared_ptr<Call> call = {};
    std::uint64_t ticket = 0;  // of the cancellation
  };

  struct Shared {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Task> tasks;
    bool stop = false;
  };

  void give(Task task);
  static void serve(const std::shared_ptr<Shared>& shared);
  static void perform(Task task);

  std::shared_ptr<Shared> shared_;  // the thread holds it too: it may outlive this
  std::thread thread_;
};

}  // namespace pflow
