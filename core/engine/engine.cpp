#include "core/engine/engine.hpp"

#include "core/engine/call_loop.hpp"
#include "core/engine/child_run.hpp"
#include "core/engine/walk.hpp"

namespace pflow {
namespace {

class ChildRuns final : public ChildFactory {
 public:
  explicit ChildRuns(const RunOptions& options) noexcept : options_(options) {}

  void set_loop(CallLoop& loop) noexcept { loop_ = &loop; }

  std::unique_ptr<FlightChild> begin_child(Flight& flight) override {
    auto child = std::make_unique<ChildRun>(flight, *loop_, options_);
    if (child->begin()) return nullptr;
    return child;
  }

 private:
  const RunOptions& options_;
  CallLoop* loop_ = nullptr;
};

}  // namespace

std::string_view run_status_name(RunStatus status) noexcept {
  switch (status) {
    case RunStatus::kSuccess:
      return "success";
    case RunStatus::kDegraded:
      return "degraded";
    case RunStatus::kFailed:
      return "failed";
    case RunStatus::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

Engine::Engine(const Plan& plan, RunControl& control, RunOptions options)
    : plan_(plan), control_(control), options_(std::move(options)) {}

RunResult Engine::run(SharedStore& store) {
  std::optional<std::int64_t> limit_ms = plan_.max_duration_ms;
  if (options_.max_duration_ms && (!limit_ms || *options_.max_duration_ms < *limit_ms)) {
    limit_ms = options_.max_duration_ms;
  }
  ChildRuns children(options_);
  CallLoop loop(control_, options_, children);
  children.set_loop(loop);
  if (limit_ms) loop.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(*limit_ms));
  Walk walk(plan_, store, loop, options_, WalkLimits{});
  walk.go_on();
  while (!walk.over()) {
    Flight& flight = loop.next();
    flight.owner().flight_over(flight);
  }
  RunResult result = walk.take_result();
  result.abandoned = loop.abandoned();
  return result;
}

}  // namespace pflow
