#include <atomic>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

/// How items end that do not end by themselves: stopped, out of time, left behind, over budget.
namespace pflow {
namespace {

// The item "fail" fails for good, another one so that it may be tried again.
RunState fail_item(Call& call) {
  Failure f;
  f.kind = call.params().find("v")->text() == "fail" ? FailureKind::kInvalidParameters : FailureKind::kOther;
  f.message = "no";
  call.fail(std::move(f));
  return RunState::kEnded;
}

// Opens a gate once an item has ended, and another one once it has failed and is to be tried again.
class AtEndOfItem final : public RunObserver {
 public:
  AtEndOfItem(std::int64_t index, Gate& gate) : index_(index), gate_(gate) {}

  void call_started(const PlanNode&, const Call&) override {}

  void attempt_failed(const PlanNode&, const Call& call, std::chrono::milliseconds) override {
    if (call.identity().batch_index == index_) failed.open();
  }

  void call_ended(const PlanNode&, const Call& call) override {
    if (call.identity().batch_index == index_) gate_.open();
  }

  Gate failed;

 private:
  std::int64_t index_;
  Gate& gate_;
};

BOOST_AUTO_TEST_SUITE(engine_batch_end)

BOOST_AUTO_TEST_CASE(fail_fast_stops_what_is_under_way) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "picky",
                             "batch": {"items": ["wait", "fail"], "parallel": true},
                             "params": {"v": "${item}"}}]})");
  FakeType& picky = r.nodes.add("picky", [&](Call& call) {
    if (call.params().find("v")->text() == "wait") {
      r.nodes.gate.wait();
      return RunState::kEnded;
    }
    return fail_item(call);
  });
  picky.cancel = [&](Call&) { r.nodes.gate.open(); };
  BOOST_TEST(r.run() == "failed\nnode_failed | flow.json: /nodes/0 | node \"b\": item 1: no |  | b\n");
  BOOST_TEST(picky.cancelled == 1);
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_ends_all_items_and_begins_none) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "hanging",
                             "batch": {"items": [1, 2, 3, 4, 5], "parallel": true, "max_concurrent": 2}}]})");
  std::atomic<int> begun{0};
  FakeType& hanging = r.nodes.add("hanging", [&](Call&) {
    if (++begun == 2) r.control.cancel();
    return RunState::kPending;
  });
  hanging.type.nonblocking = true;
  hanging.cancel = [](Call& call) { call.complete(); };
  BOOST_TEST(r.run() ==
             "cancelled\ncancelled | flow.json: /nodes/0 | node \"b\": 3 of 5 items were not begun: the run was "
             "cancelled |  | b\n");
  BOOST_TEST(begun == 2);
  BOOST_TEST(r.result.calls == 2U);
  BOOST_TEST(r.result.abandoned == 0U);
}

BOOST_AUTO_TEST_CASE(a_budget_that_is_used_up_begins_no_further_item) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "dear", "batch": {"items": [1, 2, 3]}}]})");
  r.nodes
      .add("dear",
           [&](Call& call) {
             if (call.identity().batch_index == 1) {
               r.control.close(too_dear());
             }
             return RunState::kEnded;
           })
      .type.nonblocking = true;
  BOOST_TEST(
      r.run() ==
      "failed\nbudget_exceeded | flow.json: /nodes/0 | node \"b\": 1 of 3 items were not begun: too dear |  | b\n");
  BOOST_TEST(r.result.calls == 2U);
}

BOOST_AUTO_TEST_CASE(a_budget_that_is_used_up_lets_the_items_under_way_end) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "dear", "retry": {"max_attempts": 2},
                             "batch": {"items": ["long", "dear"], "parallel": true}, "params": {"v": "${item}"}}]})");
  Gate gate;
  bool stopped = false;
  r.nodes.add("dear", [&](Call& call) {
    if (call.params().find("v")->text() == "long") {
      gate.wait();
      stopped = call.cancelled();
      return RunState::kEnded;
    }
    r.control.close(too_dear());
    call.fail({.message = "no"});
    return RunState::kEnded;
  });
  AtEndOfItem opens(1, gate);
  r.options.observer = &opens;
  BOOST_TEST(r.run() ==
             "failed\nbudget_exceeded | flow.json: /nodes/0 | node \"b\": it is not tried again: too dear; attempt 1 "
             "failed: no |  | b\n");
  BOOST_TEST(!stopped);
  BOOST_TEST(r.nodes.get("dear").cancelled == 0);
}

BOOST_AUTO_TEST_CASE(an_item_has_the_node_s_time_and_the_others_go_on) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "picky", "timeout_ms": 30,
                             "batch": {"items": ["hang", "go"], "parallel": true, "error_handling": "continue"},
                             "params": {"v": "${item}"}}]})");
  FakeType& picky = r.nodes.add("picky", [](Call& call) {
    return call.params().find("v")->text() == "hang" ? RunState::kPending : RunState::kEnded;
  });
  picky.type.nonblocking = true;
  picky.cancel = [](Call& call) {
    Failure f;
    f.message = "stopped";
    call.fail(std::move(f));
    call.complete();
  };
  BOOST_TEST(r.run() ==
             "degraded\nitems_failed | flow.json: /nodes/0 | node \"b\": 1 of 2 items failed; item 0: it did not end "
             "within 30 ms | Raise the node's timeout_ms if it needs longer. | b\n");
}

BOOST_AUTO_TEST_CASE(items_that_do_not_stop_are_left_behind_together) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "b", "type": "silent", "timeout_ms": 10,
                             "batch": {"items": [1, 2, 3], "parallel": true, "error_handling": "continue"}}]})");
  r.options.grace = std::chrono::milliseconds(20);
  BOOST_TEST(r.run() ==
             "failed\ntimeout | flow.json: /nodes/0 | node \"b\": all 3 items failed; item 0: it did not end within 10 "
             "ms | It did not stop when asked to and was left behind. | b\n");
  BOOST_TEST(r.result.abandoned == 3U);
}

BOOST_AUTO_TEST_CASE(a_node_that_a_call_holds_on_to_gets_no_further_item) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "b", "type": "picky", "timeout_ms": 300,
                             "batch": {"items": ["hang", "first", "second", "go", "go", "go"], "parallel": true,
                                       "max_concurrent": 2, "error_handling": "continue"},
                             "params": {"v": "${item}"}}]})");
  static auto* const asked = new Gate;
  static auto* const left = new Gate;
  r.options.grace = std::chrono::milliseconds(20);
  r.nodes
      .add("picky",
           [](Call& call) {
             const std::string_view v = call.params().find("v")->text();
             if (v == "hang") return RunState::kPending;
             if (v == "first") asked->wait();
             if (v == "second") left->wait();
             return RunState::kEnded;
           })
      .cancel = [](Call&) { asked->open(); };
  AtEndOfItem opens(0, *left);
  r.options.observer = &opens;
  BOOST_TEST(r.run() ==
             "degraded\nitems_failed | flow.json: /nodes/0 | node \"b\": 1 of 6 items failed; item 0: it did not end "
             "within 300 ms | It did not stop when asked to and was left behind. | b\n");
}

BOOST_AUTO_TEST_CASE(a_batch_ends_though_all_its_nodes_are_held) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "b", "type": "hanging", "timeout_ms": 10,
                             "batch": {"items": [1, 2, 3, 4, 5], "parallel": true, "max_concurrent": 2,
                                       "error_handling": "continue"}}]})");
  r.options.grace = std::chrono::milliseconds(20);
  r.nodes.add("hanging", [](Call&) { return RunState::kPending; });
  BOOST_TEST(r.run() ==
             "failed\ntimeout | flow.json: /nodes/0 | node \"b\": all 5 items failed; item 0: it did not end within 10 "
             "ms | It did not stop when asked to and was left behind. | b\n");
  BOOST_TEST(r.result.abandoned == 2U);
}

BOOST_AUTO_TEST_CASE(an_item_that_is_out_of_time_is_not_tried_again_once_the_batch_has_failed) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "picky", "timeout_ms": 100, "retry": {"max_attempts": 3},
                             "batch": {"items": ["slow", "first", "fail"], "parallel": true, "max_concurrent": 2},
                             "params": {"v": "${item}"}}]})");
  Gate asked;
  Gate failed;
  std::atomic<int> attempts{0};
  FakeType& picky = r.nodes.add("picky", [&](Call& call) {
    const std::string_view v = call.params().find("v")->text();
    if (v == "slow") failed.wait();
    if (v == "first") {
      asked.wait();
      return RunState::kEnded;
    }
    attempts += v == "slow" ? 1 : 0;
    return fail_item(call);
  });
  picky.cancel = [&](Call&) { asked.open(); };
  AtEndOfItem opens(2, failed);
  r.options.observer = &opens;
  BOOST_TEST(r.run() == "failed\nnode_failed | flow.json: /nodes/0 | node \"b\": item 2: no |  | b\n");
  BOOST_TEST(attempts == 1);
}

BOOST_AUTO_TEST_CASE(an_item_that_waits_after_its_time_was_over_is_not_tried_again_once_the_batch_has_failed) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "picky", "timeout_ms": 100,
                             "batch": {"items": ["slow", "first", "fail"], "parallel": true, "max_concurrent": 2,
                                       "max_retries": 3, "retry_wait": 1},
                             "params": {"v": "${item}"}}]})");
  Gate asked;
  Gate unused;
  AtEndOfItem told(0, unused);
  std::atomic<int> attempts{0};
  FakeType& picky = r.nodes.add("picky", [&](Call& call) {
    const std::string_view v = call.params().find("v")->text();
    (v == "fail" ? told.failed : asked).wait();
    if (v == "first") return RunState::kEnded;
    attempts += v == "slow" ? 1 : 0;
    return fail_item(call);
  });
  picky.cancel = [&](Call&) { asked.open(); };
  r.options.observer = &told;
  BOOST_TEST(r.run() == "failed\nnode_failed | flow.json: /nodes/0 | node \"b\": item 2: no |  | b\n");
  BOOST_TEST(attempts == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
