#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/ending.hpp"
#include "core/engine/flight.hpp"
#include "core/engine/run.hpp"
#include "core/engine/run_control.hpp"
#include "core/engine/worker.hpp"

namespace pflow {

/// Begins the nested workflow of a call that asks for it.
class ChildFactory {
 public:
  virtual ~ChildFactory() = default;
  /// Its end completes the call. nullptr: it is over already, and so is the call.
  [[nodiscard]] virtual std::unique_ptr<FlightChild> begin_child(Flight& flight) = 0;
};

/// Brings calls to their ends, any number at once, on the engine's thread: attempts and the waits between them,
/// deadlines, cancellation, calls that do not stop and are left behind.
///
/// Nodes that answer at once run right here; blocking ones on a thread each beside, kMaxWorkers at most, so that a
/// deadline or a cancellation can leave them behind. A call that is pending needs no thread. O(log calls) an event.
class CallLoop {
 public:
  /// All borrowed.
  CallLoop(RunControl& control, const RunOptions& options, ChildFactory& children) noexcept
      : control_(control), options_(options), children_(children) {}

  CallLoop(const CallLoop&) = delete;
  CallLoop& operator=(const CallLoop&) = delete;
  ~CallLoop();

  void set_deadline(std::optional<SteadyTime> deadline) noexcept { run_deadline_ = deadline; }

  /// Why no further call may begin; kEnded: it may.
  [[nodiscard]] Ending over(const WalkLimits& limits) const;

  /// Begins a call. True: it is over already, and its owner is not told.
  [[nodiscard]] bool start(Flight& flight) { return go(flight, 1); }

  /// Waits until a call that is under way is over. There must be one.
  [[nodiscard]] Flight& next();

  /// Asks a call to end, if it is under way.
  void stop(Flight& flight) { ask_to_end(flight, Ending::kStopped); }

  /// Why nothing further begins, as a failure.
  [[nodiscard]] Failure reason(Ending ending, const WalkLimits& limits) const {
    return reason_of(ending, limits, control_);
  }

  /// The same for a call that does not begin.
  [[nodiscard]] Failure refusal(Ending ending, const WalkLimits& limits) const {
    return refusal_of(ending, limits, control_);
  }

  [[nodiscard]] std::uint64_t next_number() noexcept { return ++numbers_; }

  [[nodiscard]] std::uint64_t abandoned() const noexcept { return abandoned_; }

  /// Makes `kept` a call that may begin: itself, or a new one when a thread may still hold it.
  void renew(std::shared_ptr<Call>& kept) const {
    if (!kept || kept.use_count() != 1 || kept->left_behind_) kept = make_call();
  }

 private:
  using TimerKey = std::pair<SteadyTime, std::uint64_t>;

  enum class Settled : std::uint8_t { kOver, kAgain, kPausing };

  [[nodiscard]] std::shared_ptr<Call> make_call() const { return std::make_shared<Call>(control_, options_.events); }

  [[nodiscard]] bool go(Flight& f, std::uint32_t attempt);
  [[nodiscard]] bool begin_attempt(Flight& f, std::uint32_t attempt);  // true: it has ended
  void begin_on_worker(Flight& f);
  void serve_waiting();
  void end_waiting(Flight& f, Ending ending);  // it needed a worker, and needs none any more
  void tell_started(Flight& f);
  [[nodiscard]] Settled settle(Flight& f);
  void judge(Flight& f, Ending ending) const;
  void give_up(Flight& f, Ending ending) const;
  [[nodiscard]] std::optional<SteadyTime> limit_of(const Flight& f) const;
  [[nodiscard]] std::optional<SteadyTime> attempt_deadline(const Flight& f) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry_wait(const Flight& f) const;

  [[nodiscard]] Call* take_ended();
  [[nodiscard]] bool landed(Flight& f);  // these: true: it is over
  [[nodiscard]] bool timer_due(Flight& f);
  void ask_to_end(Flight& f, Ending why);
  void spread_end();
  [[nodiscard]] bool leave_behind(Flight& f);
  [[nodiscard]] std::optional<SteadyTime> grace_end_locked(const Flight& f) const;
  void wait();

  void activate(Flight& f, Flight::Stage stage);
  void deactivate(Flight& f);
  void set_timer(Flight& f, SteadyTime at);
  void clear_timer(Flight& f);

  RunControl& control_;
  const RunOptions& options_;
  ChildFactory& children_;
  std::optional<SteadyTime> run_deadline_;
  std::vector<Flight*> active_;
  std::map<TimerKey, Flight*> timers_;
  std::deque<Flight*> over_;    // told by `next`
  std::list<Flight*> waiting_;  // for a worker
  std::vector<std::unique_ptr<Worker>> idle_;
  std::size_t workers_ = 0;            // idle and at work
  std::unique_ptr<Worker> canceller_;  // made when a call is first asked to end
  RunControl::State spread_ = RunControl::State::kOpen;
  std::uint64_t numbers_ = 0;
  std::uint64_t timers_made_ = 0;
  std::uint64_t abandoned_ = 0;
};

}  // namespace pflow
