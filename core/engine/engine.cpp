#include "core/engine/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/suggest.hpp"

namespace pflow {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kHostCodePause{5};  // between looks at a call that the host's own code is about to end

Failure failure_of(Code code, FailureKind kind, std::string message, std::string hint) {
  Failure f;
  f.code = code;
  f.kind = kind;
  f.message = std::move(message);
  f.hint = std::move(hint);
  return f;
}

Error error_of(const PlanNode& node, const Failure& f) {
  Error e;
  e.code = f.code;
  e.node_code = f.node_code;
  e.node_id = node.id;
  e.message = fmt::format("node \"{}\": {}", node.id, f.message);
  e.where = f.where.empty() ? node.place : node.params_place + f.where;
  e.hint = f.hint;
  return e;
}

}  // namespace

std::string_view run_status_name(RunStatus status) noexcept {
  switch (status) {
    case RunStatus::kSuccess:
      return "success";
    case RunStatus::kDegraded:
      return "degraded";
    case RunStatus::kFailed:
      return "failed";
    case RunStatus::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

Engine::Engine(const Plan& plan, RunControl& control, RunOptions options)
    : plan_(plan), control_(control), options_(std::move(options)) {}

RunResult Engine::run(SharedStore& store) {
  RunResult result;
  std::optional<std::int64_t> limit_ms = plan_.max_duration_ms;
  if (options_.max_duration_ms && (!limit_ms || *options_.max_duration_ms < *limit_ms)) {
    limit_ms = options_.max_duration_ms;
  }
  run_deadline_.reset();
  if (limit_ms) run_deadline_ = Clock::now() + milliseconds(*limit_ms);

  std::vector<std::uint32_t> visits(plan_.nodes.size());
  NodeIndex at = plan_.start;
  while (true) {
    const PlanNode& node = plan_.nodes[at];
    if (++visits[at] > options_.max_visits) {
      Failure f = failure_of(Code::kVisitLimit, FailureKind::kOther,
                             fmt::format("it has run {} times, which is the limit", options_.max_visits),
                             "Check the edges that lead back to it, or raise PFLOW_MAX_NODE_VISITS.");
      result.status = RunStatus::kFailed;
      result.error = error_of(node, f);
      return result;
    }
    const Step next = step(at, visits[at], store, result);
    if (next.ended) return result;
    at = next.next;
  }
}

std::shared_ptr<Call> Engine::fresh_call() {
  // A call that another thread may still hold is left to it.
  if (!call_ || call_.use_count() != 1) call_ = std::make_shared<Call>(control_, options_.events);
  return call_;
}

Engine::Step Engine::step(NodeIndex at, std::int64_t visit, SharedStore& store, RunResult& result) {
  const PlanNode& node = plan_.nodes[at];
  std::shared_ptr<Call> held = fresh_call();
  Call::Identity identity;
  identity.run_id = options_.run_id;
  identity.workflow_id = plan_.workflow_name;
  identity.workflow_dir = plan_.workflow_dir;
  identity.node_id = node.id;
  identity.node = at;
  identity.visit = visit;
  held->begin(identity, Scope::root_of(store));
  if (node.params.is_constant()) held->set_params(node.params.constant());

  if (const Ending ending = over(); ending != Ending::kEnded) {
    judge(node, *held, ending);
    return follow(node, *held, result);
  }
  if (options_.observer != nullptr) options_.observer->call_started(node, *held);
  perform(node, held, result);
  Call& call = *held;
  ++result.calls;
  if (!call.failure_ || call.failure_->kind != FailureKind::kCancelled) commit(node, call);
  if (options_.observer != nullptr) options_.observer->call_ended(node, call);
  store.mark_run(at);
  result.last_node = at;
  if (!call.unresolved_.empty()) {
    if (result.status == RunStatus::kSuccess) result.status = RunStatus::kDegraded;
    for (Error& e : call.unresolved_) {
      e.where = node.params_place + e.where;
      e.node_id = node.id;
      result.warnings.push_back(std::move(e));
    }
  }
  return follow(node, call, result);
}

void Engine::perform(const PlanNode& node, std::shared_ptr<Call>& call, RunResult& result) {
  for (std::uint32_t n = 1;; ++n) {
    call->begin_attempt(n, attempt_deadline(node));
    judge(node, *call, attempt(node, call, result));
    if (!call->failure_) return;
    const std::optional<milliseconds> wait = retry_wait(node, *call);
    if (!wait) return;
    if (options_.observer != nullptr) options_.observer->attempt_failed(node, *call, *wait);
    pause(*wait);
    if (const Ending ending = over(); ending != Ending::kEnded) return give_up(*call, ending);
  }
}

// What is over before it began does not start; a node that starts is one that may still finish.
Engine::Ending Engine::over() const {
  if (!control_.open()) return control_.cancelled() ? Ending::kCancelled : Ending::kClosed;
  return run_deadline_ && Clock::now() >= *run_deadline_ ? Ending::kDeadline : Ending::kEnded;
}

// The run is over before the next attempt: what the last one said stays in the message.
void Engine::give_up(Call& call, Ending ending) const {
  const std::string last = call.failure_->message;
  Failure f;
  switch (ending) {
    case Ending::kClosed:
      f = control_.reason();
      break;
    case Ending::kDeadline:
      f = failure_of(Code::kDeadlineExceeded, FailureKind::kCancelled, "the run's time is over",
                     "Raise --timeout or limits.max_duration_ms if the run needs longer.");
      break;
    default:
      call.failure_ = failure_of(Code::kCancelled, FailureKind::kCancelled, "the run was cancelled", "");
      return;
  }
  f.message = fmt::format("it is not tried again: {}; attempt {} failed: {}", f.message, call.attempt_, last);
  call.failure_ = std::move(f);
}

std::optional<SteadyTime> Engine::attempt_deadline(const PlanNode& node) const {
  if (!node.timeout_ms) return run_deadline_;
  const SteadyTime own = Clock::now() + milliseconds(*node.timeout_ms);
  return run_deadline_ ? std::min(own, *run_deadline_) : own;
}

Engine::Ending Engine::attempt(const PlanNode& node, std::shared_ptr<Call>& call, RunResult& result) {
  if (node.type->nonblocking) {
    if (node.node->run(*call) == RunState::kEnded) return Ending::kEnded;
    call->run_returned(RunState::kPending, nullptr);
  } else {
    if (!worker_) worker_ = std::make_unique<Worker>();
    worker_->start(*node.node, call);
  }
  return wait_for_end(node, call, result);
}

Engine::Ending Engine::wait_for_end(const PlanNode& node, std::shared_ptr<Call>& call, RunResult& result) {
  Ending ending = Ending::kEnded;
  SteadyTime give_up{};
  std::unique_lock lock(control_.mutex_);
  while (!call->ended_locked()) {
    if (ending != Ending::kEnded) {  // asked to end
      if (Clock::now() < give_up) {
        control_.wake_.wait_until(lock, give_up);
        continue;
      }
      if (call->attempt_state() == nullptr) {  // it was asked in time, so it will not be entered and ends by itself
        control_.wake_.wait_for(lock, kHostCodePause);
        continue;
      }
      const bool cancelling = call->cancelling_;
      lock.unlock();
      leave_behind(node, call, cancelling);
      ++result.abandoned;
      return ending;
    }
    if (control_.cancelled()) {
      ending = Ending::kCancelled;
    } else if (call->deadline_ && Clock::now() >= *call->deadline_) {
      ending = run_deadline_ && *call->deadline_ >= *run_deadline_ ? Ending::kDeadline : Ending::kTimedOut;
    } else if (call->deadline_) {
      control_.wake_.wait_until(lock, *call->deadline_);
    } else {
      control_.wake_.wait(lock);
    }
    if (ending != Ending::kEnded) {
      give_up = Clock::now() + options_.grace;
      call->cancel_sent_.store(true);
      call->cancelling_ = true;
      lock.unlock();
      if (!canceller_) canceller_ = std::make_unique<Worker>();
      canceller_->cancel(*node.node, call);
      lock.lock();
    }
  }
  return ending;
}

void Engine::leave_behind(const PlanNode& node, std::shared_ptr<Call>& call, bool cancelling) {
  node.node->abandon(*call);
  if (!node.type->nonblocking) {
    worker_->leave_behind();
    worker_.reset();
  }
  if (cancelling) {
    canceller_->leave_behind();
    canceller_.reset();
  }
  auto replacement = std::make_shared<Call>(control_, options_.events);
  replacement->replace(*call);
  call_.reset();
  call = std::move(replacement);
}

void Engine::judge(const PlanNode& node, Call& call, Ending ending) const {
  if (ending == Ending::kEnded || (!call.abandoned_ && !call.failure_ && call.attempt_ != 0 && call.returned_)) {
    if (!call.failure_ && call.action_ == kErrorAction) {
      call.failure_ = failure_of(Code::kNodeFailed, FailureKind::kOther, "it ended with the action \"error\"", "");
    }
    return;
  }
  const std::string left =
      call.abandoned_
          ? fmt::format("It did not stop when asked to and was left behind{}.",
                        node.type->plugin_path.empty() ? "" : fmt::format("; its plugin is {}", node.type->plugin_path))
          : "";
  switch (ending) {
    case Ending::kEnded:
      return;
    case Ending::kTimedOut:
      call.failure_ = failure_of(Code::kTimeout, FailureKind::kTimeout,
                                 fmt::format("it did not end within {} ms", node.timeout_ms.value_or(0)),
                                 left.empty() ? "Raise the node's timeout_ms if it needs longer." : left);
      return;
    case Ending::kDeadline:
      call.failure_ =
          failure_of(Code::kDeadlineExceeded, FailureKind::kCancelled, "the run's time was over before it ended",
                     left.empty() ? "Raise --timeout or limits.max_duration_ms if the run needs longer." : left);
      return;
    case Ending::kClosed:
      call.failure_ = control_.reason();
      call.failure_->message = "it was not started: " + call.failure_->message;
      return;
    case Ending::kCancelled:
      call.failure_ = failure_of(Code::kCancelled, FailureKind::kCancelled, "the run was cancelled", left);
      return;
  }
}

std::optional<milliseconds> Engine::retry_wait(const PlanNode& node, const Call& call) const {
  const Failure& f = *call.failure_;
  const ir::RetryPolicy& retry = node.retry;
  if (call.attempt_ >= retry.max_attempts || call.abandoned_) return std::nullopt;
  if (f.kind == FailureKind::kInvalidParameters || f.kind == FailureKind::kAuthentication ||
      f.kind == FailureKind::kCancelled) {
    return std::nullopt;
  }
  if (!node.retry_is_explicit && !f.retryable) return std::nullopt;
  const double grown = static_cast<double>(retry.wait_ms) * std::pow(retry.backoff, call.attempt_ - 1);
  const double wanted = f.retry_after_ms >= 0 ? static_cast<double>(f.retry_after_ms) : grown;
  return milliseconds(static_cast<std::int64_t>(std::min(wanted, static_cast<double>(retry.max_wait_ms))));
}

void Engine::pause(milliseconds wait) {
  SteadyTime until = Clock::now() + wait;
  if (run_deadline_) until = std::min(until, *run_deadline_);
  std::unique_lock lock(control_.mutex_);
  control_.wake_.wait_until(lock, until, [&] { return !control_.open(); });
}

void Engine::commit(const PlanNode& node, const Call& call) const {
  const Scope& scope = call.scope_;
  if (plan_.namespaced && !call.failure_) scope.forget(kErrorAction);
  // Of a call that was left behind only its failure counts: how far its writes got is chance.
  static const ValueMap kNothing;
  const ValueMap& written = call.abandoned_ ? kNothing : call.staged_;
  for (const auto& [key, value] : written.entries()) {
    std::string_view name = key;
    for (const auto& [output, store_key] : node.output_mapping) {
      if (output == key) name = store_key;
    }
    scope.commit(name, value);
  }
  if (call.failure_) scope.commit(kErrorAction, failure_value(*call.failure_));
}

Engine::Step Engine::follow(const PlanNode& node, const Call& call, RunResult& result) const {
  const auto find = [&](std::string_view action) {
    return std::find_if(node.edges.begin(), node.edges.end(), [&](const PlanEdge& e) { return e.action == action; });
  };
  if (call.failure_) {
    const bool stopped = call.failure_->kind == FailureKind::kCancelled;
    if (const auto edge = find(kErrorAction); edge != node.edges.end() && !stopped) return {false, edge->target};
    result.status = call.failure_->code == Code::kCancelled ? RunStatus::kCancelled : RunStatus::kFailed;
    result.error = error_of(node, *call.failure_);
    return {};
  }
  if (node.next != kNoNode) return {false, node.next};
  const std::string_view action = call.action();
  if (const auto edge = find(action); edge != node.edges.end()) return {false, edge->target};
  const bool only_errors =
      std::all_of(node.edges.begin(), node.edges.end(), [](const PlanEdge& e) { return e.action == kErrorAction; });
  if (node.edges.empty() || (only_errors && action == kDefaultAction)) return {};
  std::vector<std::string_view> actions;
  for (const PlanEdge& e : node.edges)
    actions.push_back(e.action);
  Failure f = failure_of(Code::kNoEdge, FailureKind::kOther,
                         fmt::format("it ended with the action \"{}\", and no edge is for that", action),
                         did_you_mean(action, actions, "Actions with an edge"));
  result.status = RunStatus::kFailed;
  result.error = error_of(node, f);
  return {};
}

}  // namespace pflow
