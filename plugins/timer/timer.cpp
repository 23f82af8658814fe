#include "timer.hpp"

#include <atomic>
#include <memory>

namespace pflow::timer {
namespace {

std::mutex making;
std::atomic<Timer*> instance = nullptr;

}  // namespace

Timer::~Timer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Timer::end_at(Clock::time_point when, sdk::Completion completion, Ending ending) {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
  const Key key(when, next_number_++);
  const sdk::CallId id = completion.id();
  const auto at = queue_.emplace(key, Waiting{std::move(completion), std::move(ending)}).first;
  by_call_.emplace(id, key);
  if (at == queue_.begin()) wake_.notify_one();
}

void Timer::cancel(sdk::CallId id) noexcept {
  std::unique_lock lock(mutex_);
  const auto found = by_call_.find(id);
  if (found == by_call_.end()) return;
  auto entry = queue_.extract(found->second);
  by_call_.erase(found);
  lock.unlock();
  entry.mapped().completion.finish_cancelled();
}

void Timer::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (queue_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const Clock::time_point due = queue_.begin()->first.first;
    if (Clock::now() < due) {
      wake_.wait_until(lock, due);
      continue;
    }
    auto entry = queue_.extract(queue_.begin());
    by_call_.erase(entry.mapped().completion.id());
    lock.unlock();
    entry.mapped().ending(std::move(entry.mapped().completion));
    lock.lock();
  }
}

Timer& SharedTimer::get() {
  const std::lock_guard lock(making);
  Timer* timer = instance.load(std::memory_order_relaxed);
  if (timer == nullptr) instance.store(timer = new Timer, std::memory_order_release);
  return *timer;
}

Timer* SharedTimer::if_made() noexcept {
  return instance.load(std::memory_order_acquire);
}

void SharedTimer::stop() noexcept {
  const std::unique_ptr<Timer> owned(instance.exchange(nullptr));
}

}  // namespace pflow::timer
