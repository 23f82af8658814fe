#pragma once

#include "core/engine/call_loop.hpp"
#include "core/engine/flight.hpp"
#include "core/engine/run.hpp"
#include "core/engine/walk.hpp"
#include "core/store/shared_store.hpp"

namespace pflow {

/// The nested workflow of one call, over a store of its own: the call's parameters are its inputs, its outputs the
/// call's.
class ChildRun final : public FlightChild {
 public:
  /// All borrowed.
  ChildRun(Flight& flight, CallLoop& loop, const RunOptions& options);

  /// True: it is over already. Else its end completes the call.
  [[nodiscard]] bool begin();

  void stop() override { walk_.stop(); }

 private:
  class OnOver final : public WalkOwner {
   public:
    explicit OnOver(ChildRun& child) noexcept : child_(child) {}

    void walk_over() override { child_.finish(); }

   private:
    ChildRun& child_;
  };

  [[nodiscard]] static WalkLimits limits_of(const Plan& plan);
  void finish();
  [[nodiscard]] Failure failure_of(const Error& error);

  Call& call_;
  CallLoop& loop_;
  const PlanChild& child_;
  SharedStore store_;
  OnOver on_over_;
  Walk walk_;
  bool begun_ = false;
};

/// Stands innermost in a node of the type `workflow`: lets the engine run the child.
class ChildNode final : public Node {
 public:
  RunState run(Call& call) noexcept override {
    call.run_child();
    return RunState::kPending;
  }

  void cancel(Call&) noexcept override {}  // the engine asks the child's own calls

  void abandon(Call&) noexcept override {}
};

}  // namespace pflow
