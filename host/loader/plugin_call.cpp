#include "host/loader/plugin_call.hpp"

#include <exception>

namespace pflow::host {

CallPool& CallPool::instance() {
  static auto* pool = new CallPool;  // never destroyed: a plugin's thread may outlive main
  return *pool;
}

pflow_call& CallPool::acquire(const Plugin& plugin, const NodeType* type, Call* call, const Value* params) {
  pflow_call* c = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (resting_ > kRest) {
      c = oldest_;
      oldest_ = c->released_next;
      --resting_;
    } else {
      all_.push_back(std::make_unique<pflow_call>());
      c = all_.back().get();
    }
  }
  const std::lock_guard lock(c->mutex);
  c->state = CallState::kOpen;
  c->plugin = &plugin;
  c->type = type;
  c->call = call;
  c->params = params;
  c->kept.reset();
  c->inside_run = c->inside_cancel = c->pending = c->completed = false;
  c->verdict = PFLOW_OK;
  c->told.reset();
  c->fault.clear();
  c->host_problem.reset();
  c->last_problem.clear();
  c->buffers.clear();
  return *c;
}

void CallPool::release(pflow_call& ended) noexcept {
  {
    const std::lock_guard lock(ended.mutex);
    ended.state = CallState::kEnded;
    ended.call = nullptr;
    ended.params = nullptr;
    ended.values.clear();
    // The buffers themselves stay until the call is used again: a late append finds one that belongs to no open call.
    for (const auto& buffer : ended.buffers)
      buffer->text.reset();
  }
  const std::lock_guard lock(mutex_);
  ended.released_next = nullptr;
  (resting_ == 0 ? oldest_ : newest_->released_next) = &ended;
  newest_ = &ended;
  ++resting_;
}

void note_fault(pflow_call& c, std::string_view what) noexcept {
  if (!c.fault.empty()) return;
  try {
    c.fault = what;
  } catch (const std::exception&) {
    c.fault = "misbehaved";  // short enough to need no memory of its own
  }
}

}  // namespace pflow::host
