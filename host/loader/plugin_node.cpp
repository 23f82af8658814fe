#include "host/loader/plugin_node.hpp"

#include <fmt/format.h>

#include <exception>

#include "core/base/utf8.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kShownBytes = 200;  // of a foreign exception's text

// Calls into the plugin. Its functions are declared noexcept; one that was compiled without that may throw all the
// same, so it is called through a pointer type that lets it, and what comes out is the plugin's fault.
template <typename... Args>
pflow_status enter(pflow_call& c, pflow_status(PFLOW_CALL* function)(Args...), std::type_identity_t<Args>... args) {
  std::string fault;
  try {
    return function(args...);
  } catch (const std::exception& e) {
    fault = fmt::format("threw an exception through the ABI: {}", printable(e.what(), kShownBytes));
  } catch (...) {
    fault = "threw an exception through the ABI";
  }
  const std::lock_guard lock(c.mutex);
  note_fault(c, std::move(fault));
  return PFLOW_E_INTERNAL;
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
    table_.destroy(instance_);
  }
}

std::optional<Failure> setup_failure(pflow_call& c, pflow_status status) {
  const std::lock_guard lock(c.mutex);
  if (c.fault.empty() && status == PFLOW_OK) return std::nullopt;
  Failure f = c.told.value_or(Failure{});
  f.code = Code::kPluginBroken;
  if (!c.fault.empty()) {
    f.message = c.fault;
  } else if (!c.told) {
    f.message = fmt::format("returned the status {} and did not say why", status);
  }
  return f;
}

bool PluginNode::make_instance(Call& call) {
  const std::lock_guard serial(plugin_.create_mutex());
  pflow_call& c = CallPool::instance().acquire(plugin_, &type_, nullptr, &params_);
  const pflow_status status = enter(c, table_.create, &table_, &plugin_.host_table(), &c, &instance_);
  std::optional<Failure> failure = setup_failure(c, status);
  CallPool::instance().release(c);
  if (!failure) {
    made_.store(true);
    return true;
  }
  failure->message = fmt::format("its plugin {} could not make it: {}", plugin_.path().string(), failure->message);
  call.fail(std::move(*failure));
  return false;
}

RunState PluginNode::run(Call& call) noexcept {
  if (left_behind_.load() && (!type_.concurrent || !made_.load())) {
    Failure f;
    f.message = "an earlier call of it was left behind and may still be running";
    f.hint = fmt::format("Its plugin {} allows one call at a time.", plugin_.path().string());
    call.fail(std::move(f));
    return RunState::kEnded;
  }
  if (!made_.load()) {
    if (!make_instance(call)) return RunState::kEnded;
    if (left_behind_.load()) return RunState::kEnded;  // create took so long that nobody waits any more
  }
  pflow_call& c = CallPool::instance().acquire(plugin_, &type_, &call, &call.params());
  {
    const std::lock_guard lock(c.mutex);
    c.inside_run = true;
  }
  call.set_attempt_state(&c);  // from here on cancel() finds it
  return run_returned(c, call, enter(c, table_.run, instance_, &c));
}

RunState PluginNode::run_returned(pflow_call& c, Call& call, pflow_status status) {
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
    if (c.inside_cancel) return RunState::kPending;  // cancel() comes back last and ends the call
    c.state = CallState::kCompleted;
    settle(c);
  }
  static_cast<void>(call);
  CallPool::instance().release(c);
  return RunState::kEnded;
}

void PluginNode::cancel(Call& call) noexcept {
  auto* const c = static_cast<pflow_call*>(call.attempt_state());
  if (c == nullptr || table_.cancel == nullptr) return;
  {
    const std::lock_guard lock(c->mutex);
    if (c->call != &call || c->state != CallState::kOpen || c->completed) return;
    c->inside_cancel = true;
  }
  void(PFLOW_CALL * function)(void*, pflow_call*) = table_.cancel;
  try {
    function(instance_, c);
  } catch (...) {
    const std::lock_guard lock(c->mutex);
    note_fault(*c, "threw an exception through the ABI while it was being cancelled");
  }
  {
    const std::lock_guard lock(c->mutex);
    c->inside_cancel = false;
    if (!c->completed || c->inside_run) return;
    c->state = CallState::kCompleted;
    settle(*c);
  }
  CallPool::instance().release(*c);
  call.complete();
}

void PluginNode::abandon(Call& call) noexcept {
  left_behind_.store(true);
  auto* const c = static_cast<pflow_call*>(call.attempt_state());
  if (c == nullptr) return;
  const std::lock_guard lock(c->mutex);
  if (c->call != &call || c->state != CallState::kOpen) return;
  c->state = CallState::kAbandoned;
  c->kept = call.shared_from_this();
  c->call = nullptr;
  c->params = nullptr;
}

}  // namespace pflow::host
