#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/batch_run.hpp"
#include "core/engine/call_loop.hpp"
#include "core/engine/flight.hpp"
#include "core/engine/plan.hpp"
#include "core/engine/run.hpp"
#include "core/store/shared_store.hpp"

namespace pflow {

class WalkOwner {
 public:
  virtual ~WalkOwner() = default;
  virtual void walk_over() = 0;
};

/// The call that a nested workflow belongs to: its number, and its lane, which is that of the walk among those of the
/// plan.
struct WalkParent {
  std::uint64_t number = 0;  ///< 0: it is the run's own workflow
  std::size_t lane = 0;
};

/// One way through a workflow's graph, from its start until a node ends it. The engine's thread.
class Walk final : public FlightOwner, public BatchOwner {
 public:
  /// All borrowed. `owner` (may be null) is told when it is over.
  Walk(const Plan& plan, SharedStore& store, CallLoop& loop, const RunOptions& options, WalkLimits limits,
       WalkParent parent = {}, WalkOwner* owner = nullptr);

  /// Goes on from node to node until one is under way, or it is over.
  void go_on();

  /// Asks what is under way to end; nothing further begins.
  void stop();

  [[nodiscard]] bool over() const noexcept { return over_; }

  [[nodiscard]] RunResult take_result() noexcept { return std::move(result_); }

  /// What the result's error was made of: that of the node that ended it.
  [[nodiscard]] std::optional<Failure> take_failure() noexcept { return std::exchange(failure_, std::nullopt); }

 private:
  void flight_over(Flight& flight) override;
  void batch_over() override;

  [[nodiscard]] std::shared_ptr<Call> fresh_call();
  /// Begins the node `at_`. True: it is over already, and followed.
  [[nodiscard]] bool step();
  void end_call(const PlanNode& node, Call& call);
  void end_batch(const PlanNode& node);
  void follow(const PlanNode& node, const Call& call);
  void fail(const PlanNode& node, const Failure& failure);

  const Plan& plan_;
  SharedStore& store_;
  CallLoop& loop_;
  const RunOptions& options_;
  WalkLimits limits_;
  WalkParent parent_;
  WalkOwner* owner_;
  RunResult result_;
  std::optional<Failure> failure_;
  std::vector<std::uint32_t> visits_;  // by node
  NodeIndex at_ = 0;
  bool over_ = false;
  std::shared_ptr<Call> call_;  // kept for the next call when nobody else holds it
  Flight flight_;               // borrows limits_
  std::unique_ptr<BatchRun> batch_;
};

}  // namespace pflow
