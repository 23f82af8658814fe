#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/engine/failure.hpp"
#include "core/engine/plan.hpp"
#include "core/engine/run_control.hpp"

namespace pflow {

/// Why a call was asked to end, or did not begin.
enum class Ending : std::uint8_t {
  kEnded,             ///< it was not
  kTimedOut,          ///< the node's own limit
  kDeadline,          ///< the run's limit
  kWorkflowDeadline,  ///< its nested workflow's own limit
  kClosed,
  kCancelled,  ///< the run
  kStopped,    ///< by who started it
};

/// What ends all calls of one workflow.
struct WalkLimits {
  std::optional<SteadyTime> deadline;
  std::string_view workflow;  ///< what the deadline is of, as messages call it; the plan has the text
  bool stopped = false;
};

/// Why nothing further begins, as a failure. `control` is that of a closed run.
[[nodiscard]] Failure reason_of(Ending ending, const WalkLimits& limits, const RunControl& control);

/// The same for a call that does not begin.
[[nodiscard]] Failure refusal_of(Ending ending, const WalkLimits& limits, const RunControl& control);

/// The same for a call that is not tried again: what `attempt` said, as `last`, stays in the message.
[[nodiscard]] Failure no_retry_of(Ending ending, const WalkLimits& limits, const RunControl& control,
                                  std::uint32_t attempt, const Failure& last);

/// The same for a call of `node` that was asked to end, and `abandoned` when it did not listen.
[[nodiscard]] Failure end_of(Ending ending, const WalkLimits& limits, const RunControl& control, const PlanNode& node,
                             bool abandoned);

}  // namespace pflow
