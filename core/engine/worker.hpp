#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "core/engine/call.hpp"
#include "core/engine/node.hpp"

namespace pflow {

/// A thread that runs blocking nodes, or asks their calls to end, one at a time, so that the engine can stop waiting.
class Worker {
 public:
  Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();  ///< waits for the call in progress, unless it was left behind

  /// Runs `node` and then tells `call` that it returned. The worker is idle when the last call has ended.
  void start(Node& node, std::shared_ptr<Call> call);

  /// Cancels `call` and then tells it so.
  void cancel(Node& node, std::shared_ptr<Call> call);

  /// The call in progress may never return: the thread is on its own from now on and takes no further call.
  void leave_behind();

 private:
  enum class Task : std::uint8_t { kRun, kCancel };

  struct Shared {
    std::mutex mutex;
    std::condition_variable wake;
    Task task = Task::kRun;
    Node* node = nullptr;
    std::shared_ptr<Call> call;
    bool stop = false;
  };

  void give(Task task, Node& node, std::shared_ptr<Call> call);
  static void serve(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;  // the thread holds it too: it may outlive this
  std::thread thread_;
};

}  // namespace pflow
