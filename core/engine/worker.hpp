#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "core/engine/call.hpp"
#include "core/engine/node.hpp"

namespace pflow {

/// A thread that runs blocking nodes, one call at a time, so that the engine can stop waiting for one.
class Worker {
 public:
  Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();  ///< waits for the call in progress, unless it was left behind

  /// Runs `node` and then tells `call` that it returned. The worker is idle when the last call has ended.
  void start(Node& node, std::shared_ptr<Call> call);

  /// The call in progress may never return: the thread is on its own from now on and takes no further call.
  void leave_behind();

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable wake;
    Node* node = nullptr;
    std::shared_ptr<Call> call;
    bool stop = false;
  };

  static void serve(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;  // the thread holds it too: it may outlive this
  std::thread thread_;
};

}  // namespace pflow
