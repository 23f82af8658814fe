#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/engine/batch_outputs.hpp"
#include "core/engine/call_loop.hpp"
#include "core/engine/flight.hpp"
#include "core/engine/plan.hpp"
#include "core/engine/run.hpp"
#include "core/store/shared_store.hpp"

namespace pflow {

class BatchOwner {
 public:
  virtual ~BatchOwner() = default;
  virtual void batch_over() = 0;
};

/// One visit of a node that is called for each of several items: as many under way at once as it allows, each with
/// `${item}` and `${__index__}` of its own. What items write becomes the node's `results`. The engine's thread.
class BatchRun final : public FlightOwner {
 public:
  /// All borrowed. The flight's call is that of the batch itself, which is never started: it has the node's failure
  /// when the batch has failed.
  BatchRun(const Plan& plan, const PlanNode& node, SharedStore& store, CallLoop& loop, const RunOptions& options,
           const WalkLimits& limits, const Flight& whole, BatchOwner& owner);

  /// True: it is over already, and its owner is not told.
  [[nodiscard]] bool begin();

  void stop();  ///< asks what is under way to end; nothing further begins

  [[nodiscard]] const Call& whole() const noexcept { return *whole_; }

  [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }

  void take_warnings(RunResult& result);

 private:
  struct Item final : Flight {
    Item(BatchRun& owner, const WalkLimits& limits) noexcept : Flight(owner, limits) {}

    std::size_t index = 0;
    std::size_t lane = 0;
    std::shared_ptr<Call> call;  // kept for the next item when nobody else holds it
    ValueMap locals;
    ValueMap outputs;
    SteadyTime started;
  };

  void flight_over(Flight& flight) override;
  [[nodiscard]] bool read_items();
  void tell_whole();
  void pump();
  [[nodiscard]] bool begin_item(Item& item);
  void end_item(Item& item);
  void note_warnings(Item& item);
  void note_failure(const Item& item, const Failure& failure);
  void stop_items();
  [[nodiscard]] Item* idle_item();

  [[nodiscard]] const Value& item_at(std::size_t index) const noexcept { return items_.items()[index]; }

  [[nodiscard]] bool done() const noexcept { return under_way_ == 0 && (closed_ || next_ == items_.size()); }

  void finish();
  [[nodiscard]] std::optional<Failure> failure_of_whole() const;

  const Plan& plan_;
  const PlanNode& node_;
  SharedStore& store_;
  CallLoop& loop_;
  const RunOptions& options_;
  const WalkLimits& limits_;
  std::shared_ptr<Call> whole_;
  std::size_t first_lane_;
  BatchOwner& owner_;
  Value items_;
  BatchOutputs outputs_;
  std::deque<Item> slots_;
  std::vector<Item*> idle_;
  std::vector<Item*> retired_;  // a call that was left behind holds their node
  std::size_t next_ = 0;
  std::size_t under_way_ = 0;
  std::uint64_t calls_ = 0;
  bool closed_ = false;                   // nothing further begins
  std::optional<Failure> broken_;         // why it was closed
  std::optional<Failure> first_failure_;  // of an item, with its index in the message
  SteadyTime started_;
  RunResult told_;          // what items have to warn of
  std::size_t untold_ = 0;  // warnings beyond those
};

}  // namespace pflow
