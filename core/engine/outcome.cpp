#include "core/engine/outcome.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace pflow {

std::string_view committed_key(const PlanNode& node, const Call& call, std::string_view output) noexcept {
  return call.identity().batch_index < 0 ? node.store_key(output) : output;
}

void commit_outcome(const Plan& plan, const PlanNode& node, const Call& call) {
  const std::optional<Failure>& failure = call.failure();
  if (failure && failure->kind == FailureKind::kCancelled) return;
  const Scope& scope = call.scope();
  if (plan.namespaced && !failure) scope.forget(kErrorAction);
  // Of a call that was left behind only its failure counts: how far its writes got is chance.
  static const ValueMap kNothing;
  const ValueMap& written = call.abandoned() ? kNothing : call.staged();
  for (const auto& [key, value] : written.entries())
    scope.commit(committed_key(node, call, key), value);
  if (failure) scope.commit(kErrorAction, failure_value(*failure));
}

void take_warnings(const PlanNode& node, Call& call, RunResult& result) {
  if (call.degraded() && result.status == RunStatus::kSuccess) result.status = RunStatus::kDegraded;
  for (Error& e : call.take_unresolved()) {
    e.where = node.params_place + e.where;
    e.node_id = node.id;
    result.warnings.push_back(std::move(e));
  }
  Problems of_child = call.take_child_warnings();
  std::move(of_child.begin(), of_child.end(), std::back_inserter(result.warnings));
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

}  // namespace pflow
