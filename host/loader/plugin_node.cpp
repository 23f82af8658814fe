#include "host/loader/plugin_node.hpp"

#include <fmt/format.h>

#include <exception>

#include "host/loader/http_exchange.hpp"
#include "host/loader/plugin_guard.hpp"
#include "host/loader/running_call.hpp"

namespace pflow::host {
namespace {

// What a call is entered with while its node is being made.
char making_instance;

// Notes what one of the plugin's functions threw.
void note_thrown(pflow_call& c, const Thrown& thrown) noexcept {
  const std::lock_guard lock(c.mutex);
  try {
    note_fault(c, fmt::format("threw an exception through the ABI{}{}", thrown->empty() ? "" : ": ", *thrown));
  } catch (const std::exception&) {
    note_fault(c, "threw an exception through the ABI");
  }
}

}  // namespace

PluginNode::PluginNode(Plugin& plugin, const pflow_node_type& table, const NodeType& type, Value params) noexcept
    : plugin_(plugin), table_(table), type_(type), params_(std::move(params)) {
  if (table_.create == nullptr) {  // stateless: the type's data is the node
    instance_ = table_.type_data;
    made_.store(true);
  }
}

PluginNode::~PluginNode() {
  if (made_.load() && table_.create != nullptr && table_.destroy != nullptr && !left_behind_.load()) {
    if (const Thrown thrown = call_plugin(table_.destroy, instance_)) plugin_.late_fault("threw in destroy", *thrown);
  }
}

bool PluginNode::make_instance(Call& call) {
  if (!call.enter(&making_instance)) {
    fail_cancelled(call);
    return false;
  }
  std::unique_lock serial(plugin_.create_mutex(), std::defer_lock);
  if (!plugin_.create_left_behind()) {
    serial.lock();
  } else if (!serial.try_lock()) {
    fail_closed(call, "its plugin is still making another node, which was left behind");
    return false;
  }
  if (made_.load()) return true;  // by another call meanwhile
  const SetupCall setup(plugin_, &type_, params_);
  pflow_status status = PFLOW_E_INTERNAL;
  const Thrown thrown = call_plugin(status, table_.create, &table_, &plugin_.host_table(), &*setup, &instance_);
  plugin_.set_create_left_behind(false);
  if (thrown) note_thrown(*setup, thrown);
  std::optional<Failure> failure = setup_failure(*setup, status);
  if (!failure) {
    made_.store(true);
    return true;
  }
  failure->message = fmt::format("its plugin {} could not make it: {}", plugin_.path().string(), failure->message);
  call.fail(std::move(*failure));
  return false;
}

void PluginNode::fail_closed(Call& call, std::string message) const {
  Failure f;
  f.message = std::move(message);
  f.hint = fmt::format("Its plugin {} allows one call at a time.", plugin_.path().string());
  call.fail(std::move(f));
}

void PluginNode::fail_cancelled(Call& call) {
  Failure f;
  f.code = Code::kCancelled;
  f.kind = FailureKind::kCancelled;
  f.message = "it was cancelled before it began";
  call.fail(std::move(f));
}

RunState PluginNode::run(Call& call) noexcept {
  try {
    if (left_behind_.load() && (!type_.concurrent || !made_.load())) {
      fail_closed(call, "an earlier call of it was left behind and may still be running");
      return RunState::kEnded;
    }
    if (!made_.load() && !make_instance(call)) return RunState::kEnded;
    return enter_run(call);
  } catch (const std::exception&) {  // before run was entered: from there on nothing needs memory
    call.fail(out_of_memory());
    return RunState::kEnded;
  }
}

RunState PluginNode::enter_run(Call& call) {
  pflow_call& c = CallPool::instance().acquire(plugin_, &type_, &call, &call.params());
  bool entered = false;
  {
    const std::lock_guard lock(c.mutex);  // cancel() takes it too: it finds a call that is inside run or none
    entered = c.inside_run = call.enter(&c);
    if (!entered) c.state = CallState::kCompleted;
  }
  if (!entered) {
    CallPool::instance().release(c);
    fail_cancelled(call);
    return RunState::kEnded;
  }
  pflow_status status = PFLOW_E_INTERNAL;
  const RunningCall running(plugin_.path().c_str(), call.identity().node_id);
  if (const Thrown thrown = call_plugin(status, table_.run, instance_, &c)) {
    status = PFLOW_E_INTERNAL;
    note_thrown(c, thrown);
  }
  return run_returned(c, status);
}

RunState PluginNode::run_returned(pflow_call& c, pflow_status status) noexcept {
  {
    const std::lock_guard lock(c.mutex);
    c.inside_run = false;
    if (c.state == CallState::kAbandoned) return RunState::kEnded;  // nobody waits for it, and it is never used again
    if (status == PFLOW_PENDING) {
      c.pending = true;
    } else {
      if (c.completed) note_fault(c, "completed a call and then returned from it with another status");
      c.completed = true;
      c.verdict = status;
    }
    if (!c.completed) return RunState::kPending;
    abort_exchanges(c);
    // Whoever comes back last ends the call.
    if (c.inside_cancel || !c.exchanges.empty()) return RunState::kPending;
    c.state = CallState::kCompleted;
    settle(c);
  }
  CallPool::instance().release(c);
  return RunState::kEnded;
}

void PluginNode::cancel(Call& call) noexcept {
  void* const state = call.attempt_state();
  if (state == nullptr || state == &making_instance) return;
  pflow_call& c = *static_cast<pflow_call*>(state);
  {
    const std::lock_guard lock(c.mutex);
    const bool running = c.inside_run || c.pending;
    if (c.call != &call || c.state != CallState::kOpen || c.completed || !running) return;
    abort_exchanges(c);
    if (table_.cancel == nullptr) return;
    c.inside_cancel = true;
  }
  const Thrown thrown = call_plugin(table_.cancel, instance_, &c);
  std::shared_ptr<Call> ended;
  {
    const std::lock_guard lock(c.mutex);
    if (thrown) note_fault(c, "threw an exception through the ABI while it was being cancelled");
    c.inside_cancel = false;
    ended = end_if_through(c);
  }
  if (ended) complete(c, *ended);
}

void PluginNode::abandon(Call& call) noexcept {
  left_behind_.store(true);
  void* const state = call.attempt_state();
  if (state == nullptr) return;
  if (state == &making_instance) {
    plugin_.set_create_left_behind(true);
    return;
  }
  pflow_call& c = *static_cast<pflow_call*>(state);
  const std::lock_guard lock(c.mutex);
  if (c.call != &call || c.state != CallState::kOpen) return;
  abort_exchanges(c);
  c.state = CallState::kAbandoned;
  c.kept = call.shared_from_this();
  c.call = nullptr;
  c.params = nullptr;
}

}  // namespace pflow::host
