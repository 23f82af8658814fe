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
  give(Task::kRun, node, std::move(call));
}

void Worker::cancel(Node& node, std::shared_ptr<Call> call) {
  give(Task::kCancel, node, std::move(call));
}

void Worker::give(Task task, Node& node, std::shared_ptr<Call> call) {
  const std::lock_guard lock(shared_->mutex);
  shared_->task = task;
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
    shared_->wake.notify_one();
  }
  thread_.detach();
}

void Worker::serve(const std::shared_ptr<Shared>& shared) {
  while (true) {
    Task task = Task::kRun;
    Node* node = nullptr;
    std::shared_ptr<Call> call;
    {
      std::unique_lock lock(shared->mutex);
      shared->wake.wait(lock, [&] { return shared->node != nullptr || shared->stop; });
      if (shared->node == nullptr) return;
      task = shared->task;
      node = std::exchange(shared->node, nullptr);
      call = std::move(shared->call);
    }
    Call& given = *call;
    if (task == Task::kCancel) {
      node->cancel(given);
      given.cancel_returned(std::move(call));
    } else {
      const RunState state = node->run(given);
      given.run_returned(state, std::move(call));
    }
  }
}

}  // namespace pflow
