#include "core/engine/worker.hpp"

#include <utility>

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
  give({Kind::kRun, &node, std::move(call)});
}

void Worker::cancel(Node& node, std::shared_ptr<Call> call) {
  const std::uint64_t ticket = call->cancel_ticket_;  // only the engine's thread, which this is, changes it
  give({Kind::kCancel, &node, std::move(call), ticket});
}

void Worker::give(Task task) {
  const std::lock_guard lock(shared_->mutex);
  shared_->tasks.push_back(std::move(task));
  shared_->wake.notify_one();
}

void Worker::leave_behind(Worker* next) {
  std::deque<Task> rest;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
    rest.swap(shared_->tasks);
    shared_->wake.notify_one();
  }
  thread_.detach();
  if (next == nullptr) return;
  for (Task& task : rest)
    next->give(std::move(task));
}

void Worker::serve(const std::shared_ptr<Shared>& shared) {
  while (true) {
    Task task;
    {
      std::unique_lock lock(shared->mutex);
      shared->wake.wait(lock, [&] { return !shared->tasks.empty() || shared->stop; });
      if (shared->tasks.empty()) return;
      task = std::move(shared->tasks.front());
      shared->tasks.pop_front();
    }
    perform(std::move(task));
  }
}

void Worker::perform(Task task) {
  Call& call = *task.call;
  if (task.kind == Kind::kRun) {
    const RunState state = task.node->run(call);
    call.run_returned(state, std::move(task.call));
  } else if (call.begin_cancel(task.ticket, task.call)) {
    task.node->cancel(call);
    call.cancel_returned(std::move(task.call));
  }
}

}  // namespace pflow
