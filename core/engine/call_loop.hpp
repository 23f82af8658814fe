#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/flight.hpp"
#include "core/engine/run.hpp"
#include "core/engine/run_control.hpp"
#include "core/engine/worker.hpp"

namespace pflow {

/// Makes the nested workflow of a call that asks for it. Its end completes the call, maybe before this returns.
class ChildFactory {
 public:
  virtual ~ChildFactory() = default;
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
  [[nodiscard]] Failure reason(Ending ending) const;

  /// The same for a call that does not begin.
  [[nodiscard]] Failure refusal(Ending ending) const;

  [[nodiscard]] std::uint64_t next_number() noexcept { return ++numbers_; }

  [[nodiscard]] std::uint64_t abandoned() const noexcept { return abandoned_; }

  [[nodiscard]] std::shared_ptr<Call> make_call() const { return std::make_shared<Call>(control_, options_.events); }

 private:
  using TimerKey = std::pair<SteadyTime, std::uint64_t>;

  enum class Settled : std::uint8_t { kOver, kAgain, kPausing };

  [[nodiscard]] bool go(Flight& f, std::uint32_t attempt);
  [[nodiscard]] bool begin_attempt(Flight& f, std::uint32_t attempt);  // true: it has ended
  void begin_on_worker(Flight& f);
  void serve_waiting();
  void tell_started(Flight& f);
  [[nodiscard]] Settled settle(Flight& f);
  void judge(Flight& f, Ending ending) const;
  void give_up(Call& call, Ending ending) const;
  [[nodiscard]] Failure failure_of_end(const Flight& f, Ending ending) const;
  [[nodiscard]] std::optional<SteadyTime> attempt_deadline(const Flight& f) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry_wait(const Flight& f) const;

  [[nodiscard]] Call* take_ended();
  [[nodiscard]] bool landed(Flight& f);  // these: true: it is over
  [[nodiscard]] bool timer_due(Flight& f);
  void ask_to_end(Flight& f, Ending why);
  void spread_end();
  [[nodiscard]] bool leave_behind(Flight& f);
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
  std::deque<Flight*> over_;     // told by `next`
  std::deque<Flight*> waiting_;  // for a worker
  std::vector<std::unique_ptr<Worker>> idle_;
  std::size_t workers_ = 0;            // idle and at work
  std::unique_ptr<Worker> canceller_;  // made when a call is first asked to end
  RunControl::State spread_ = RunControl::State::kOpen;
  std::uint64_t numbers_ = 0;
  std::uint64_t timers_made_ = 0;
  std::uint64_t abandoned_ = 0;
};

}  // namespace pflow
