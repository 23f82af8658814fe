#include "core/engine/ending.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace pflow {
namespace {

Failure failure_of(Code code, FailureKind kind, std::string message, std::string hint) {
  Failure f;
  f.code = code;
  f.kind = kind;
  f.message = std::move(message);
  f.hint = std::move(hint);
  return f;
}

// `since` goes on after "the run's time ".
Failure out_of_time(Ending ending, const WalkLimits& limits, std::string_view since) {
  if (ending == Ending::kWorkflowDeadline) {
    return failure_of(Code::kDeadlineExceeded, FailureKind::kCancelled,
                      fmt::format("the time of workflow {} {}", limits.workflow, since),
                      fmt::format("Raise limits.max_duration_ms of workflow {} if it needs longer.", limits.workflow));
  }
  return failure_of(Code::kDeadlineExceeded, FailureKind::kCancelled, fmt::format("the run's time {}", since),
                    "Raise --timeout or limits.max_duration_ms if the run needs longer.");
}

}  // namespace

Failure reason_of(Ending ending, const WalkLimits& limits, const RunControl& control) {
  switch (ending) {
    case Ending::kDeadline:
    case Ending::kWorkflowDeadline:
      return out_of_time(ending, limits, "was over before it ended");
    case Ending::kClosed:
      return control.reason();
    case Ending::kStopped:
      return failure_of(Code::kCancelled, FailureKind::kCancelled, "it was stopped", "");
    default:
      return failure_of(Code::kCancelled, FailureKind::kCancelled, "the run was cancelled", "");
  }
}

Failure refusal_of(Ending ending, const WalkLimits& limits, const RunControl& control) {
  Failure failure = reason_of(ending, limits, control);
  if (ending == Ending::kClosed) failure.message = "it was not started: " + failure.message;
  return failure;
}

Failure no_retry_of(Ending ending, const WalkLimits& limits, const RunControl& control, std::uint32_t attempt,
                    const Failure& last) {
  const bool late = ending == Ending::kDeadline || ending == Ending::kWorkflowDeadline;
  Failure f = late ? out_of_time(ending, limits, "is over") : reason_of(ending, limits, control);
  if (late || ending == Ending::kClosed) {
    f.message = fmt::format("it is not tried again: {}; attempt {} failed: {}", f.message, attempt, last.message);
  }
  return f;
}

Failure end_of(Ending ending, const WalkLimits& limits, const RunControl& control, const PlanNode& node,
               bool abandoned) {
  Failure failure = ending == Ending::kTimedOut
                        ? failure_of(Code::kTimeout, FailureKind::kTimeout,
                                     fmt::format("it did not end within {} ms", node.timeout_ms.value_or(0)),
                                     "Raise the node's timeout_ms if it needs longer.")
                        : refusal_of(ending, limits, control);
  if (abandoned) {
    const std::string& plugin = node.type->plugin_path;
    failure.hint = fmt::format("It did not stop when asked to and was left behind{}.",
                               plugin.empty() ? "" : fmt::format("; its plugin is {}", plugin));
  }
  return failure;
}

}  // namespace pflow
