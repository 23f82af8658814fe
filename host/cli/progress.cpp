#include "host/cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/utf8.hpp"

namespace pflow::host {
namespace {

constexpr std::array<std::string_view, 4> kFrames = {"|", "/", "-", "\\"};
constexpr std::string_view kClearLine = "\r\x1b[K";
constexpr std::chrono::milliseconds kFrame{100};
constexpr std::size_t kShownNodeName = 60;
constexpr std::size_t kShownBatchName = 24;  // beside a bar, on a line of 80
constexpr std::size_t kBarWidth = 20;

double seconds_since(SteadyTime started) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

}  // namespace

std::string bar_text(std::size_t done, std::size_t all, std::size_t width) {
  const std::size_t marks = all == 0 ? width : std::min(width, done * width / all);
  return fmt::format("[{:<{}}]", std::string(marks, '#'), width);
}

Progress::Progress(Console& console) : console_(console) {
  if (console.stderr_is_terminal()) thread_ = std::thread([this] { spin(); });
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    clear_line();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::clear_line() {
  if (drawn_) console_.control(kClearLine);
  drawn_ = false;
}

void Progress::draw(std::string_view mark, std::string_view name, SteadyTime started, std::string_view more) {
  clear_line();
  console_.raw(fmt::format("{} {}  {:.1f} s{}", mark, name, seconds_since(started), more));
}

void Progress::draw_batch(std::string_view mark, std::string_view more) {
  const Batch& b = *batch_;
  const double took = seconds_since(b.started);
  std::string text = fmt::format("{} {}  ", mark, b.name);
  if (console_.stderr_is_terminal()) text += bar_text(b.done, b.items, kBarWidth) + "  ";
  text += fmt::format("{}/{}", b.done, b.items);
  if (b.failed != 0) text += fmt::format(", {} failed", b.failed);
  if (b.retries != 0) text += fmt::format(", {} tried again", b.retries);
  if (took > 0 && b.done != 0) text += fmt::format("  {:.1f}/s", static_cast<double>(b.done) / took);
  clear_line();
  console_.raw(fmt::format("{}  {:.1f} s{}", text, took, more));
}

void Progress::spin() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    wake_.wait_for(lock, kFrame);
    if (stop_ || (!batch_ && running_.empty())) continue;
    const std::string_view mark = kFrames[frame_++ % kFrames.size()];
    batch_ ? draw_batch(mark, "") : draw(mark, running_.back().name, running_.back().started, "");
    drawn_ = true;
  }
}

void Progress::call_started(const PlanNode& node, const Call& call) {
  const std::lock_guard lock(mutex_);
  if (batch_) return;
  const std::int64_t visit = call.identity().visit;
  running_.push_back({call.identity().number,
                      printable(node.id, kShownNodeName) + (visit > 1 ? fmt::format(" (visit {})", visit) : ""),
                      std::chrono::steady_clock::now()});
}

void Progress::attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) {
  const std::lock_guard lock(mutex_);
  if (batch_) {
    if (batch_->node == &node) ++batch_->retries;
    return;
  }
  if (running_.empty()) return;
  draw("!", running_.back().name, running_.back().started,
       fmt::format("  attempt {} failed, the next one in {:.1f} s\n", call.attempt(),
                   static_cast<double>(wait.count()) / 1000));
}

// A batch is over before its last item is told to have ended.
void Progress::call_settled(const PlanNode& node, const Call& call) {
  const std::lock_guard lock(mutex_);
  if (!batch_ || batch_->node != &node) return;
  ++batch_->done;
  if (call.failure()) ++batch_->failed;
}

void Progress::call_ended(const PlanNode&, const Call& call) {
  console_.end_stream(&call);
  const std::lock_guard lock(mutex_);
  if (batch_) return;
  const auto own = std::find_if(running_.begin(), running_.end(),
                                [&](const Running& r) { return r.call == call.identity().number; });
  if (own == running_.end()) return;
  draw(call.failure() ? "x" : "*", own->name, own->started, "\n");
  running_.erase(own);
}

void Progress::batch_started(const PlanNode& node, std::size_t items) {
  const std::lock_guard lock(mutex_);
  if (batch_) return;
  Batch b;
  b.node = &node;
  b.name = printable(node.id, kShownBatchName);
  b.items = items;
  b.started = std::chrono::steady_clock::now();
  batch_ = std::move(b);
}

void Progress::batch_ended(const PlanNode& node) {
  const std::lock_guard lock(mutex_);
  if (!batch_ || batch_->node != &node) return;
  draw_batch(batch_->failed != 0 ? "x" : "*", "\n");
  batch_.reset();
}

}  // namespace pflow::host
