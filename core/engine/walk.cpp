#include "core/engine/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/base/suggest.hpp"
#include "core/engine/outcome.hpp"

namespace pflow {

Walk::Walk(const Plan& plan, SharedStore& store, CallLoop& loop, const RunOptions& options, WalkLimits limits,
           WalkParent parent, WalkOwner* owner)
    : plan_(plan),
      store_(store),
      loop_(loop),
      options_(options),
      limits_(limits),
      parent_(parent),
      owner_(owner),
      visits_(plan.nodes.size()),
      at_(plan.start),
      flight_(*this, limits_) {}

void Walk::go_on() {
  while (!over_) {
    if (!step()) return;
  }
  if (owner_ != nullptr) owner_->walk_over();
}

void Walk::stop() {
  limits_.stopped = true;
  loop_.stop(flight_);
  if (batch_) batch_->stop();
}

std::shared_ptr<Call> Walk::fresh_call() {
  loop_.renew(call_);
  return call_;
}

bool Walk::step() {
  const PlanNode& node = plan_.nodes[at_];
  if (++visits_[at_] > options_.max_visits) {
    Failure f;
    f.code = Code::kVisitLimit;
    f.message = fmt::format("it has run {} times, which is the limit", options_.max_visits);
    f.hint = "Check the edges that lead back to it, or raise PFLOW_MAX_NODE_VISITS.";
    fail(node, f);
    return true;
  }
  flight_.release();
  std::shared_ptr<Call> call = fresh_call();
  Call::Identity identity;
  identity.run_id = options_.run_id;
  identity.workflow_id = plan_.workflow_name;
  identity.workflow_dir = plan_.workflow_dir;
  identity.node_id = node.id;
  identity.node = at_;
  identity.visit = visits_[at_];
  if (!node.batch) identity.number = loop_.next_number();  // of a batch each item has one
  identity.parent = parent_.number;
  call->begin(identity, Scope::root_of(store_));
  if (node.params.is_constant()) call->set_params(node.params.constant());

  flight_.prepare(node, parent_.lane, std::move(call));
  if (const Ending ending = loop_.over(limits_); ending != Ending::kEnded) {
    flight_.call()->fail(loop_.refusal(ending, limits_));
    follow(node, *flight_.call());
    return true;
  }
  if (node.batch) {
    batch_ = std::make_unique<BatchRun>(plan_, node, store_, loop_, options_, limits_, flight_, *this);
    if (!batch_->begin()) return false;
    end_batch(node);
    return true;
  }
  if (!loop_.start(flight_)) return false;
  end_call(node, *flight_.call());
  return true;
}

void Walk::flight_over(Flight& flight) {
  end_call(flight.node(), *flight.call());
  go_on();
}

void Walk::end_call(const PlanNode& node, Call& call) {
  if (flight_.told()) {
    ++result_.calls;
    commit_outcome(plan_, node, call);
    store_.mark_run(at_);
    result_.last_node = at_;
    if (options_.observer != nullptr) {
      options_.observer->call_settled(node, call);
      options_.observer->call_ended(node, call);
    }
    take_warnings(node, call, result_);
  }
  follow(node, call);
}

void Walk::batch_over() {
  end_batch(plan_.nodes[at_]);
  go_on();
}

void Walk::end_batch(const PlanNode& node) {
  result_.calls += batch_->calls();
  result_.last_node = at_;
  batch_->take_warnings(result_);
  follow(node, batch_->whole());
  batch_.reset();
}

void Walk::fail(const PlanNode& node, const Failure& failure) {
  result_.status = failure.code == Code::kCancelled ? RunStatus::kCancelled : RunStatus::kFailed;
  result_.error = error_of(node, failure);
  failure_ = failure;
  over_ = true;
}

void Walk::follow(const PlanNode& node, const Call& call) {
  const auto find = [&](std::string_view action) {
    return std::find_if(node.edges.begin(), node.edges.end(), [&](const PlanEdge& e) { return e.action == action; });
  };
  if (call.failure()) {
    const bool stopped = call.failure()->kind == FailureKind::kCancelled;
    if (const auto edge = find(kErrorAction); edge != node.edges.end() && !stopped) {
      at_ = edge->target;
      return;
    }
    return fail(node, *call.failure());
  }
  const std::string_view action = call.action();
  if (node.next != kNoNode) {
    at_ = node.next;
    return;
  }
  if (const auto edge = find(action); edge != node.edges.end()) {
    at_ = edge->target;
    return;
  }
  const bool only_errors =
      std::all_of(node.edges.begin(), node.edges.end(), [](const PlanEdge& e) { return e.action == kErrorAction; });
  over_ = true;
  if (node.edges.empty() || (only_errors && action == kDefaultAction)) return;
  std::vector<std::string_view> actions;
  for (const PlanEdge& e : node.edges)
    actions.push_back(e.action);
  Failure f;
  f.code = Code::kNoEdge;
  f.message = fmt::format("it ended with the action \"{}\", and no edge is for that", action);
  f.hint = did_you_mean(action, actions, "Actions with an edge");
  fail(node, f);
}

}  // namespace pflow
