#include "core/engine/worker.hpp"

namespace pflow {

Worker::Worker() : shared_(std::make_shared<Shared>()), thread_([shared = shared_] { serve(shared); }) {}

Worker::~Worker() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
    shared_->wake.notify_one();
  }
  thread_.join();
}

void Worker::start(Node& node, std::shared_ptr<Call> call) {
  const std::lock_guard lock(shared_->mutex);
  shared_->node = &node;
  shared_->call = std::move(call);
  shared_->wake.notify_one();
}

void Worker::leave_behind() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
    shared_->node = nullptr;  // a call that the thread did not get to is not begun any more
    shared_->call.reset();
  }
  thread_.detach();
}

void Worker::serve(const std::shared_ptr<Shared>& shared) {
  while (true) {
    Node* node = nullptr;
    std::shared_ptr<Call> call;
    {
      std::unique_lock lock(shared->mutex);
      shared->wake.wait(lock, [&] { return shared->node != nullptr || shared->stop; });
      if (shared->node == nullptr) return;
      node = std::exchange(shared->node, nullptr);
      call = std::move(shared->call);
    }
    const RunState state = node->run(*call);
    Call& ended = *call;
    ended.run_returned(state, std::move(call));
  }
}

}  // namespace pflow
