#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "core/engine/engine.hpp"
#include "host/cli/console.hpp"

namespace pflow::host {

/// Shows each node on the terminal while it runs: its name, a spinner and its time. For people only, so it exists only
/// when stderr is a terminal; it is no collector.
class Progress final : public RunObserver {
 public:
  explicit Progress(Console& console);
  ~Progress() override;

  void call_started(const PlanNode& node, const Call& call) override;
  void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) override;
  void call_ended(const PlanNode& node, const Call& call) override;

 private:
  void spin();
  void draw(std::string_view mark, std::string_view more);  // caller holds mutex_

  Console& console_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string node_;  // empty: nothing runs
  SteadyTime started_;
  unsigned frame_ = 0;
  bool drawn_ = false;
  bool stop_ = false;
  std::thread thread_;  // on a terminal only; last: it uses the rest
};

}  // namespace pflow::host
