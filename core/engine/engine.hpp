#pragma once

#include "core/engine/plan.hpp"
#include "core/engine/run.hpp"
#include "core/engine/run_control.hpp"
#include "core/store/shared_store.hpp"

namespace pflow {

/// Runs a plan on the calling thread: walks its graph, one node at a time, all items of a batch that may be under way
/// at once, nested workflows within. A call's outcome chooses the edge, a retry, or the end of the run.
class Engine {
 public:
  /// `plan` is instantiated; all borrowed. `control` may be shared with who wants to stop the run, and serves one run.
  Engine(const Plan& plan, RunControl& control, RunOptions options);

  /// Runs the plan once over `store`, whose inputs are set.
  [[nodiscard]] RunResult run(SharedStore& store);

 private:
  const Plan& plan_;
  RunControl& control_;
  RunOptions options_;
};

}  // namespace pflow
