#include "core/engine/worker.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/fake_nodes.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(worker)

// A node that counts its runs and waits for its gate.
class Waiting final : public Node {
 public:
  explicit Waiting(bool open = true) {
    if (open) gate.open();
  }

  RunState run(Call&) noexcept override {
    thread = std::this_thread::get_id();
    entered.open();
    gate.wait();
    ++runs;
    left.open();
    return RunState::kEnded;
  }

  void cancel(Call&) noexcept override { ++cancels; }

  void abandon(Call&) noexcept override {}

  Gate gate;
  Gate entered;
  Gate left;
  std::thread::id thread;
  std::atomic<int> runs{0};
  std::atomic<int> cancels{0};
};

// Waits until nobody but the caller holds the call: its run has been told of.
void wait_until_idle(const std::shared_ptr<Call>& call) {
  while (call.use_count() > 1)
    std::this_thread::sleep_for(std::chrono::microseconds(100));
}

BOOST_AUTO_TEST_CASE(a_worker_that_never_works_ends) {
  bool ended = false;
  { const Worker idle; }
  ended = true;  // it hangs here, until ctest's limit, when the thread is not told to stop
  BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(a_call_runs_on_a_thread_beside) {
  RunControl control;
  Waiting node;
  const auto call = std::make_shared<Call>(control, nullptr);
  Worker worker;
  worker.start(node, call);
  node.left.wait();
  wait_until_idle(call);
  BOOST_TEST((node.thread != std::this_thread::get_id()));
  BOOST_TEST(node.runs == 1);
}

BOOST_AUTO_TEST_CASE(calls_run_one_after_another_on_the_same_thread) {
  RunControl control;
  Waiting node;
  const auto call = std::make_shared<Call>(control, nullptr);
  Worker worker;
  worker.start(node, call);
  wait_until_idle(call);
  const std::thread::id first = node.thread;
  for (int i = 0; i < 50; ++i) {
    worker.start(node, call);
    wait_until_idle(call);
  }
  BOOST_TEST((node.thread == first));
  BOOST_TEST(node.runs == 51);
}

BOOST_AUTO_TEST_CASE(a_call_is_cancelled_on_a_thread_beside_while_it_runs) {
  RunControl control;
  Waiting node(false);
  const auto call = std::make_shared<Call>(control, nullptr);
  Worker worker;
  worker.start(node, call);
  node.entered.wait();
  {
    Worker canceller;
    canceller.cancel(node, call);
    while (call.use_count() > 2)
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    BOOST_TEST(node.cancels == 1);
  }
  BOOST_TEST(node.runs == 0);
  node.gate.open();
  wait_until_idle(call);
  BOOST_TEST(node.runs == 1);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_worker_waits_for_its_call) {
  RunControl control;
  Waiting node(false);
  const auto call = std::make_shared<Call>(control, nullptr);
  std::thread opener;
  {
    Worker worker;
    worker.start(node, call);
    node.entered.wait();
    opener = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      node.gate.open();
    });
  }
  BOOST_TEST(node.runs == 1);
  opener.join();
}

BOOST_AUTO_TEST_CASE(a_call_left_behind_goes_on_without_its_worker) {
  // Nothing here ends before the thread does, which nobody waits for.
  static auto* const control = new RunControl;
  static auto* const node = new Waiting(false);
  const auto call = std::make_shared<Call>(*control, nullptr);
  {
    Worker worker;
    worker.start(*node, call);
    node->entered.wait();
    worker.leave_behind();
  }
  BOOST_TEST(node->runs == 0);
  node->gate.open();
  node->left.wait();
  wait_until_idle(call);
  BOOST_TEST(node->runs == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
