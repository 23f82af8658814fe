#pragma once

#include <string_view>

#include "core/engine/call.hpp"
#include "core/engine/plan.hpp"
#include "core/engine/run.hpp"

namespace pflow {

/// What an output of the call is called where its scope commits to: an item's keep their own names.
[[nodiscard]] std::string_view committed_key(const PlanNode& node, const Call& call, std::string_view output) noexcept;

/// What a call that is over leaves: writes what it staged, and why it failed, to where its scope commits to.
void commit_outcome(const Plan& plan, const PlanNode& node, const Call& call);

/// Takes over what a call has to warn of: references that were kept as text, a nested workflow's warnings.
void take_warnings(const PlanNode& node, Call& call, RunResult& result);

/// A failure as a run's error, with the node and its place.
[[nodiscard]] Error error_of(const PlanNode& node, const Failure& failure);

}  // namespace pflow
