#include "host/cli/progress.hpp"

#include <fmt/format.h>

#include <array>

#include "core/base/utf8.hpp"

namespace pflow::host {
namespace {

constexpr std::array<std::string_view, 4> kFrames = {"|", "/", "-", "\\"};
constexpr std::string_view kClearLine = "\r\x1b[K";
constexpr std::chrono::milliseconds kFrame{100};
constexpr std::size_t kShownName = 60;

}  // namespace

Progress::Progress(Console& console) : console_(console) {
  if (console.stderr_is_terminal()) thread_ = std::thread([this] { spin(); });
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::draw(std::string_view mark, std::string_view more) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
  console_.control(drawn_ ? kClearLine : "");
  console_.raw(fmt::format("{} {}  {:.1f} s{}", mark, node_, took.count(), more));
}

void Progress::spin() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    wake_.wait_for(lock, kFrame);
    if (stop_ || node_.empty()) continue;
    draw(kFrames[frame_++ % kFrames.size()], "");
    drawn_ = true;
  }
}

void Progress::call_started(const PlanNode& node, const Call& call) {
  const std::lock_guard lock(mutex_);
  const std::int64_t visit = call.identity().visit;
  node_ = printable(node.id, kShownName) + (visit > 1 ? fmt::format(" (visit {})", visit) : "");
  started_ = std::chrono::steady_clock::now();
}

void Progress::attempt_failed(const PlanNode&, const Call& call, std::chrono::milliseconds wait) {
  const std::lock_guard lock(mutex_);
  draw("!", fmt::format("  attempt {} failed, the next one in {:.1f} s\n", call.attempt(),
                        static_cast<double>(wait.count()) / 1000));
  drawn_ = false;
}

void Progress::call_ended(const PlanNode&, const Call& call) {
  console_.end_stream(&call);
  const std::lock_guard lock(mutex_);
  draw(call.failure() ? "x" : "*", "\n");
  drawn_ = false;
  node_.clear();
}

}  // namespace pflow::host
