#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/call.hpp"
#include "core/engine/plan.hpp"
#include "core/engine/run_control.hpp"
#include "core/engine/worker.hpp"
#include "core/ir/inputs.hpp"
#include "core/store/shared_store.hpp"

namespace pflow {

/// Watches a run: progress on a terminal, collectors. Called on the engine's thread, between and around calls. A call
/// that never started, because the run was over, is not told.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void call_started(const PlanNode& node, const Call& call) = 0;
  /// An attempt failed and another one follows after `wait`.
  virtual void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) = 0;
  /// Its outputs are in the store.
  virtual void call_ended(const PlanNode& node, const Call& call) = 0;
};

struct RunOptions {
  std::string run_id;
  std::uint32_t max_visits = 100;               ///< of one node
  std::optional<std::int64_t> max_duration_ms;  ///< of the run; the plan's own limit counts too
  std::chrono::milliseconds grace{2500};        ///< between asking a call to end and no longer waiting for it
  RunObserver* observer = nullptr;              ///< borrowed
  CallEvents* events = nullptr;                 ///< borrowed; outlives every call, abandoned ones too
};

enum class RunStatus : std::uint8_t { kSuccess, kDegraded, kFailed, kCancelled };

/// "success", "degraded", "failed" or "cancelled".
[[nodiscard]] std::string_view run_status_name(RunStatus status) noexcept;

struct RunResult {
  RunStatus status = RunStatus::kSuccess;
  std::optional<Error> error;  ///< why it failed
  Problems warnings;
  NodeIndex last_node = kNoNode;  ///< the last one that ran to its end
  std::uint64_t calls = 0;
  std::uint64_t abandoned = 0;  ///< calls that never ended: the plan must outlive the process's threads
};

/// Walks a plan's graph on the calling thread, one call at a time.
///
/// Nodes that answer at once run right here; blocking ones on a thread beside, so that a deadline or a cancellation can
/// leave them behind. A call ends by return or completion; its outcome chooses the edge, a retry, or the end of the
/// run.
class Engine {
 public:
  /// `plan` is instantiated; all borrowed. `control` may be shared with who wants to stop the run.
  Engine(const Plan& plan, RunControl& control, RunOptions options);

  /// Runs the plan once over `store`, whose inputs are set.
  [[nodiscard]] RunResult run(SharedStore& store);

 private:
  enum class Ending : std::uint8_t { kEnded, kTimedOut, kDeadline, kClosed, kCancelled };

  struct Step {
    bool ended = true;  ///< the run is over
    NodeIndex next = kNoNode;
  };

  [[nodiscard]] Step step(NodeIndex at, std::int64_t visit, SharedStore& store, RunResult& result);
  [[nodiscard]] Ending over() const;  // kEnded: it is not
  // These put another call in the place of one that is left behind.
  void perform(const PlanNode& node, std::shared_ptr<Call>& call, RunResult& result);
  [[nodiscard]] Ending attempt(const PlanNode& node, std::shared_ptr<Call>& call, RunResult& result);
  [[nodiscard]] Ending wait_for_end(const PlanNode& node, std::shared_ptr<Call>& call, RunResult& result);
  void leave_behind(const PlanNode& node, std::shared_ptr<Call>& call, bool cancelling);
  void judge(const PlanNode& node, Call& call, Ending ending) const;
  void give_up(Call& call, Ending ending) const;
  [[nodiscard]] std::optional<SteadyTime> attempt_deadline(const PlanNode& node) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry_wait(const PlanNode& node, const Call& call) const;
  void pause(std::chrono::milliseconds wait);
  void commit(const PlanNode& node, const Call& call) const;
  [[nodiscard]] Step follow(const PlanNode& node, const Call& call, RunResult& result) const;
  [[nodiscard]] std::shared_ptr<Call> fresh_call();

  const Plan& plan_;
  RunControl& control_;
  RunOptions options_;
  std::optional<SteadyTime> run_deadline_;
  std::shared_ptr<Call> call_;  // kept for the next call when nobody else holds it
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<Worker> canceller_;  // made when a call is first asked to end
};

}  // namespace pflow
