#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/engine/engine.hpp"
#include "host/cli/console.hpp"

namespace pflow::host {

/// Shows on the terminal what runs: a node with its name, a spinner and its time, a batch with a bar. Each that ends
/// leaves a line. What a batch's items run is not shown by itself. For people only, so it exists only when stderr is a
/// terminal or somebody asked for it; elsewhere than on a terminal there are the lines alone. It is no collector.
class Progress final : public RunObserver {
 public:
  explicit Progress(Console& console);
  ~Progress() override;

  void call_started(const PlanNode& node, const Call& call) override;
  void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) override;
  void call_settled(const PlanNode& node, const Call& call) override;
  void call_ended(const PlanNode& node, const Call& call) override;
  void batch_started(const PlanNode& node, std::size_t items) override;
  void batch_ended(const PlanNode& node) override;

 private:
  struct Running {
    std::uint64_t call = 0;
    std::string name;
    SteadyTime started;
  };

  struct Batch {
    const PlanNode* node = nullptr;
    std::string name;
    std::size_t items = 0;
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t retries = 0;
    SteadyTime started;
  };

  void spin();
  // These: the caller holds mutex_.
  void draw(std::string_view mark, std::string_view name, SteadyTime started, std::string_view more);
  void draw_batch(std::string_view mark, std::string_view more);
  void clear_line();

  Console& console_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Running> running_;  // each within the one before it
  std::optional<Batch> batch_;    // the outermost
  unsigned frame_ = 0;
  bool drawn_ = false;
  bool stop_ = false;
  std::thread thread_;  // on a terminal only; last: it uses the rest
};

/// "[#####               ]", `width` marks between the brackets.
[[nodiscard]] std::string bar_text(std::size_t done, std::size_t all, std::size_t width);

}  // namespace pflow::host
