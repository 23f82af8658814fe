#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/engine/call.hpp"
#include "core/engine/plan.hpp"

namespace pflow {

/// Watches a run: progress on a terminal, collectors. Called on the engine's thread, between and around calls, of
/// nested workflows too. A call that never started, because the run was over, is not told.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void call_started(const PlanNode& node, const Call& call) = 0;
  /// An attempt failed and another one follows after `wait`.
  virtual void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) = 0;

  /// Its outputs are where its scope commits to, and nobody has read them: what is added now counts as its own.
  virtual void call_settled(const PlanNode& /*node*/, const Call& /*call*/) {}

  /// Its outputs are in the store; those of a batch's items all at once, before the last of them has ended.
  virtual void call_ended(const PlanNode& node, const Call& call) = 0;

  virtual void batch_started(const PlanNode& /*node*/, std::size_t /*items*/) {}

  virtual void batch_ended(const PlanNode& /*node*/) {}
};

struct RunOptions {
  std::string run_id;
  std::uint32_t max_visits = 100;               ///< of one node
  std::optional<std::int64_t> max_duration_ms;  ///< of the run; the plan's own limit counts too
  std::chrono::milliseconds grace{2500};        ///< between asking a call to end and no longer waiting for it
  RunObserver* observer = nullptr;              ///< borrowed
  CallEvents* events = nullptr;                 ///< borrowed; outlives every call, abandoned ones too
  /// 0 to 1: how much of a quarter a wait between attempts is shortened by, so that calls which failed together do not
  /// come again together. Null: not at all. Waits that a server asked for are kept.
  double (*jitter)() = nullptr;
};

enum class RunStatus : std::uint8_t { kSuccess, kDegraded, kFailed, kCancelled };

/// "success", "degraded", "failed" or "cancelled".
[[nodiscard]] std::string_view run_status_name(RunStatus status) noexcept;

struct RunResult {
  RunStatus status = RunStatus::kSuccess;
  std::optional<Error> error;  ///< why it failed
  Problems warnings;
  NodeIndex last_node = kNoNode;  ///< the last one that ran to its end
  std::uint64_t calls = 0;        ///< of the workflow itself, not of nested ones
  std::uint64_t abandoned = 0;    ///< calls that never ended: the plan must outlive the process's threads
};

}  // namespace pflow
