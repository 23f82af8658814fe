#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "core/engine/call.hpp"
#include "core/engine/ending.hpp"
#include "core/engine/plan.hpp"
#include "core/engine/worker.hpp"
#include "core/store/value_map.hpp"

namespace pflow {

class CallLoop;

/// The nested workflow that a call runs.
class FlightChild {
 public:
  virtual ~FlightChild() = default;
  virtual void stop() = 0;  ///< asks what is under way to end, lets nothing further begin
};

class FlightOwner {
 public:
  virtual ~FlightOwner() = default;
  virtual void flight_over(Flight& flight) = 0;
};

/// One call on its way: its attempts and the waits between them. The engine's thread; stays where it is.
class Flight {
 public:
  explicit Flight(FlightOwner& owner, const WalkLimits& limits) noexcept : owner_(owner), limits_(limits) {}

  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  /// `lane` is among the calls of the node that may be under way at once.
  void prepare(const PlanNode& node, std::size_t lane, std::shared_ptr<Call> call) noexcept {
    node_ = &node;
    lane_ = lane;
    instance_ = &node.instance(lane);
    call_ = std::move(call);
    told_ = false;
  }

  void release() noexcept { call_.reset(); }  ///< gives up the call of last time

  [[nodiscard]] FlightOwner& owner() const noexcept { return owner_; }

  [[nodiscard]] const PlanNode& node() const noexcept { return *node_; }

  [[nodiscard]] std::size_t lane() const noexcept { return lane_; }

  /// Another one than it was prepared with when that was left behind.
  [[nodiscard]] const std::shared_ptr<Call>& call() const noexcept { return call_; }

  [[nodiscard]] bool told() const noexcept { return told_; }  ///< it began, and the observer knows it

 private:
  friend class CallLoop;

  enum class Stage : std::uint8_t { kIdle, kNeedsWorker, kRunning, kAskedToEnd, kPausing };

  FlightOwner& owner_;
  const WalkLimits& limits_;
  const PlanNode* node_ = nullptr;
  std::size_t lane_ = 0;
  Node* instance_ = nullptr;
  std::shared_ptr<Call> call_;
  bool told_ = false;
  Stage stage_ = Stage::kIdle;
  Ending asked_ = Ending::kEnded;
  SteadyTime asked_at_;
  std::optional<std::pair<SteadyTime, std::uint64_t>> timer_;  // its key among the loop's timers
  std::size_t slot_ = 0;                                       // among the active flights, while not idle
  std::list<Flight*>::iterator place_;                         // among those that need a worker, while it does
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<FlightChild> child_;
};

}  // namespace pflow
