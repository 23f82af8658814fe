#include <atomic>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

// A node "w" of type workflow around `child`, and nodes and edges beside it.
std::string around(std::string_view child, std::string_view of_node = "", std::string_view mapping = "{}",
                   std::string_view beside = "", std::string_view of_document = "") {
  return R"({"nodes": [{"id": "w", "type": "workflow", "params": {"workflow_ir": )" + std::string(child) +
         R"(, "param_mapping": )" + std::string(mapping) + "}" + std::string(of_node) + "}" + std::string(beside) +
         "]" + std::string(of_document) + "}";
}

constexpr std::string_view kFails =
    R"({"nodes": [{"id": "n", "type": "inline", "params": {"fail_times": 9, "failure": {"message": "no good", "node_code": "bad"}}}]})";

// What a node does that was asked to end.
void end_as_asked(Call& call) {
  Failure f;
  f.code = Code::kCancelled;
  f.kind = FailureKind::kCancelled;
  f.message = "it stopped";
  call.fail(std::move(f));
  call.complete();
}

// What an observer is told of whom.
class Seen final : public RunObserver {
 public:
  void call_started(const PlanNode& node, const Call& call) override {
    text +=
        node.id + " " + std::to_string(call.identity().number) + " of " + std::to_string(call.identity().parent) + "; ";
  }

  void attempt_failed(const PlanNode&, const Call&, std::chrono::milliseconds wait) override {
    waits += std::to_string(wait.count()) + " ";
  }

  void call_ended(const PlanNode& node, const Call&) override { text += node.id + " ended; "; }

  std::string text;
  std::string waits;
};

BOOST_AUTO_TEST_SUITE(engine_nested)

BOOST_AUTO_TEST_CASE(calls_of_a_nested_workflow_are_told_with_the_call_they_belong_to) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "inline"}, {"id": "m", "type": "async"}]})"));
  Seen seen;
  r.options.observer = &seen;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(seen.text == "w 1 of 0; w/n 2 of 1; w/n ended; w/m 3 of 1; w/m ended; w ended; ");
}

BOOST_AUTO_TEST_CASE(a_failure_inside_fails_the_node_and_names_both) {
  EngineRun r(around(kFails));
  BOOST_TEST(r.run() ==
             "failed\nbad | flow.json: /nodes/0 | node \"w\": node \"w/n\": no good (flow.json: "
             "/nodes/0/params/workflow_ir/nodes/0) |  | w\n");
}

BOOST_AUTO_TEST_CASE(a_failure_inside_goes_along_the_error_edge) {
  EngineRun r(around(kFails, "", "{}",
                     R"(, {"id": "m", "type": "inline", "params": {"write": {"code": "${w.error.code}"}}})",
                     R"(, "edges": [{"from": "w", "to": "m", "action": "error"}])"));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("m", "code") == "\"bad\"");
}

BOOST_AUTO_TEST_CASE(a_retry_runs_all_of_it_again_over_a_new_store) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "third"}], "outputs": {"o": {"source": "${n.visit}"}}})",
                     R"(, "retry": {"max_attempts": 3})"));
  int calls = 0;
  FakeType& third = r.nodes.add("third", [&](Call& call) {
    call.write("visit", Value::integer(call.identity().visit));
    if (++calls < 3) {
      Failure f;
      f.message = "not yet";
      call.fail(std::move(f));
    }
    return RunState::kEnded;
  });
  third.type.nonblocking = true;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(calls == 3);
  BOOST_TEST(r.written("w", "o") == "1");
}

BOOST_AUTO_TEST_CASE(the_node_s_time_ends_what_runs_inside) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "hanging"}]})", R"(, "timeout_ms": 30)"));
  FakeType& hanging = r.nodes.add("hanging", [](Call&) { return RunState::kPending; });
  hanging.type.nonblocking = true;
  hanging.cancel = end_as_asked;
  BOOST_TEST(r.run() ==
             "failed\ntimeout | flow.json: /nodes/0 | node \"w\": it did not end within 30 ms | Raise the node's "
             "timeout_ms if it needs longer. | w\n");
  BOOST_TEST(hanging.cancelled == 1);
}

BOOST_AUTO_TEST_CASE(its_own_time_ends_it_and_the_failure_can_be_routed) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "hanging"}], "limits": {"max_duration_ms": 30}})", "", "{}",
                     R"(, {"id": "m", "type": "inline", "params": {"write": {"code": "${w.error.code}"}}})",
                     R"(, "edges": [{"from": "w", "to": "m", "action": "error"}])"));
  FakeType& hanging = r.nodes.add("hanging", [](Call&) { return RunState::kPending; });
  hanging.type.nonblocking = true;
  hanging.cancel = end_as_asked;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("m", "code") == "\"deadline_exceeded\"");
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_ends_what_runs_inside) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "hanging"}, {"id": "m", "type": "inline"}]})"));
  FakeType& hanging = r.nodes.add("hanging", [&](Call&) {
    r.control.cancel();
    return RunState::kPending;
  });
  hanging.type.nonblocking = true;
  hanging.cancel = end_as_asked;
  BOOST_TEST(r.run() == "cancelled\ncancelled | flow.json: /nodes/0 | node \"w\": the run was cancelled |  | w\n");
  BOOST_TEST(r.nodes.log() == "");
}

BOOST_AUTO_TEST_CASE(what_it_warns_of_and_degraded_are_handed_up) {
  EngineRun r(around(
      R"({"template_resolution_mode": "permissive", "nodes": [{"id": "n", "type": "inline", "params": {"v": "${n2.x}"}},
          {"id": "n2", "type": "inline"}], "edges": [{"from": "n2", "to": "n"}], "start_node": "n2"})"));
  const std::string told = r.run();
  BOOST_TEST(
      told.starts_with("degraded\nunresolved_template | flow.json: /nodes/0/params/workflow_ir/nodes/0/params/v | "));
  BOOST_TEST(told.find("| w/n\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_batch_runs_a_workflow_for_each_item_each_over_its_own_store) {
  EngineRun r(around(R"({"inputs": {"n": {"type": "integer"}}, "nodes": [
      {"id": "slow", "type": "async", "params": {"sleep_ms": "${n}", "write": {"v": "${n}"}}},
      {"id": "twice", "type": "inline", "params": {"write": {"v": "${slow.v}-${slow.v}"}}}],
      "outputs": {"o": {"source": "${twice.v}"}}})",
                     R"(, "batch": {"items": [30, 1, 15], "parallel": true})", R"({"n": "${item}"})"));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("w", "results") == R"([{"o":"30-30","item":30},{"o":"1-1","item":1},{"o":"15-15","item":15}])");
}

BOOST_AUTO_TEST_CASE(a_node_that_lets_one_call_in_has_an_instance_for_each_workflow_under_way) {
  EngineRun r(around(R"({"inputs": {"n": {"type": "integer"}}, "nodes": [{"id": "b", "type": "counting"}]})",
                     R"(, "batch": {"items": [1, 2, 3, 4, 5, 6, 7], "parallel": true, "max_concurrent": 3})",
                     R"({"n": "${item}"})"));
  std::atomic<int> under_way{0};
  std::atomic<int> most{0};
  r.nodes.add("counting", [&](Call&) {
    const int now = ++under_way;
    int seen = most.load();
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    --under_way;
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(most <= 3);
  BOOST_TEST(r.nodes.created.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_type_s_own_limit_of_calls_counts_for_all_workflows_under_way) {
  EngineRun r(around(R"({"nodes": [{"id": "b", "type": "limited"}]})",
                     R"(, "batch": {"items": [1, 2, 3, 4, 5, 6, 7], "parallel": true})"));
  FakeType& limited = r.nodes.add("limited", [](Call&) { return RunState::kEnded; });
  limited.type.concurrent = true;
  limited.type.max_concurrency = 2;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.plan().nodes[0].batch->max_concurrent == 2U);
}

BOOST_AUTO_TEST_CASE(a_type_s_own_limit_of_calls_counts_for_batches_within_batches) {
  const std::string parallel = R"(, "batch": {"items": [1, 2, 3, 4, 5, 6, 7], "parallel": true})";
  EngineRun r(around(around(R"({"nodes": [{"id": "b", "type": "limited"}]})", parallel),
                     R"(, "batch": {"items": [1, 2, 3], "parallel": true, "max_concurrent": 2})"));
  FakeType& limited = r.nodes.add("limited", [](Call&) { return RunState::kEnded; });
  limited.type.concurrent = true;
  limited.type.max_concurrency = 4;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.plan().nodes[0].batch->max_concurrent == 2U);
  BOOST_TEST(r.plan().nodes[0].child->plan->nodes[0].batch->max_concurrent == 2U);
}

BOOST_AUTO_TEST_CASE(batches_within_batches_have_ten_thousand_calls_at_once_at_most) {
  EngineRun r(around(R"({"nodes": [{"id": "b", "type": "silent",
                          "batch": {"items": [1], "parallel": true, "max_concurrent": 10000}}]})",
                     R"(, "batch": {"items": [], "parallel": true, "max_concurrent": 2000})"));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.plan().nodes[0].batch->max_concurrent == 2000U);
  BOOST_TEST(r.plan().nodes[0].child->plan->nodes[0].batch->max_concurrent == 5U);
}

BOOST_AUTO_TEST_CASE(a_used_up_budget_ends_the_run_from_inside) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "dear"}, {"id": "m", "type": "inline"}]})", "", "{}",
                     R"(, {"id": "z", "type": "inline"})",
                     R"(, "edges": [{"from": "w", "to": "z", "action": "error"}])"));
  r.nodes
      .add("dear",
           [&](Call&) {
             Failure f;
             f.code = Code::kBudgetExceeded;
             f.kind = FailureKind::kCancelled;
             f.message = "too dear";
             r.control.close(std::move(f));
             return RunState::kEnded;
           })
      .type.nonblocking = true;
  BOOST_TEST(r.run() ==
             "failed\nbudget_exceeded | flow.json: /nodes/0 | node \"w\": node \"w/m\": it was not started: too dear "
             "(flow.json: /nodes/0/params/workflow_ir/nodes/1) |  | w\n");
  BOOST_TEST(r.nodes.log() == "");
}

BOOST_AUTO_TEST_CASE(a_secret_input_is_told_when_it_is_filled_in) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"write": {"k": "hush-hush"}}},
    {"id": "w", "type": "workflow", "params": {"workflow_ir": {"inputs": {"pin": {"type": "string", "secret": true}},
      "nodes": [{"id": "n", "type": "inline"}]}, "param_mapping": {"pin": "${a.k}"}}}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.plan().nodes[1].params.brings_secrets());
}

BOOST_AUTO_TEST_CASE(its_own_time_is_told_apart_from_the_run_s) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "hanging"}], "limits": {"max_duration_ms": 30}})"));
  FakeType& hanging = r.nodes.add("hanging", [](Call&) { return RunState::kPending; });
  hanging.type.nonblocking = true;
  hanging.cancel = end_as_asked;
  BOOST_TEST(r.run() ==
             "failed\ndeadline_exceeded | flow.json: /nodes/0 | node \"w\": node \"w/n\": the time of workflow "
             "flow.json: /nodes/0/params/workflow_ir was over before it ended (flow.json: "
             "/nodes/0/params/workflow_ir/nodes/0) | Raise limits.max_duration_ms of workflow flow.json: "
             "/nodes/0/params/workflow_ir if it needs longer. | w\n");
}

BOOST_AUTO_TEST_CASE(the_run_s_time_is_not_taken_for_its_own) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "hanging"}], "limits": {"max_duration_ms": 600000}})"));
  r.options.max_duration_ms = 30;
  FakeType& hanging = r.nodes.add("hanging", [](Call&) { return RunState::kPending; });
  hanging.type.nonblocking = true;
  hanging.cancel = end_as_asked;
  BOOST_TEST(r.run() ==
             "failed\ndeadline_exceeded | flow.json: /nodes/0 | node \"w\": the run's time was over before it ended | "
             "Raise --timeout or limits.max_duration_ms if the run needs longer. | w\n");
}

BOOST_AUTO_TEST_CASE(its_own_time_may_be_tried_again) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "second"}], "limits": {"max_duration_ms": 30}})",
                     R"(, "retry": {"max_attempts": 2, "wait_ms": 0})"));
  int calls = 0;
  FakeType& second = r.nodes.add("second", [&](Call&) { return ++calls == 1 ? RunState::kPending : RunState::kEnded; });
  second.type.nonblocking = true;
  second.cancel = end_as_asked;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(a_failure_that_no_retry_mends_is_none_of_the_node_around_it) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "inline", "params": {"fail_times": 9, "failure": {
                         "message": "no such key", "kind": "authentication", "node_code": "auth", "origin_code": 401,
                         "detail": {"realm": "x"}}}}]})",
                     R"(, "retry": {"max_attempts": 3})", "{}",
                     R"(, {"id": "m", "type": "inline", "params": {"write": {"error": "${w.error}"}}})",
                     R"(, "edges": [{"from": "w", "to": "m", "action": "error"}])"));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "w/n m ");
  const std::string expected =
      R"x({"code":"auth","message":"node \"w/n\": no such key (flow.json: /nodes/0/params/workflow_ir/nodes/0)",)x"
      R"x("retryable":false,"origin_code":401,"detail":{"realm":"x"}})x";
  BOOST_TEST(r.written("m", "error") == expected);
}

BOOST_AUTO_TEST_CASE(a_wait_that_a_server_asks_for_is_kept_by_the_node_around_it) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "inline", "params": {"fail_times": 9,
                         "failure": {"message": "too many", "retryable": true, "retry_after_ms": 7}}}]})",
                     R"(, "retry": {"max_attempts": 2, "wait_ms": 600000})"));
  Seen seen;
  r.options.observer = &seen;
  BOOST_TEST(r.run().starts_with("failed\n"));
  BOOST_TEST(r.nodes.log() == "w/n w/n ");
  BOOST_TEST(seen.waits == "7 ");
}

BOOST_AUTO_TEST_CASE(a_batch_begins_no_further_workflow_once_one_has_failed) {
  EngineRun r(around(R"({"inputs": {"n": {"type": "integer"}},
                         "nodes": [{"id": "x", "type": "inline", "params": {"fail_times": "${n}"}}]})",
                     R"(, "batch": {"items": [0, 9, 0, 0, 0, 0], "parallel": true})", R"({"n": "${item}"})"));
  BOOST_TEST(r.run().starts_with("failed\nnode_failed | flow.json: /nodes/0 | node \"w\": item 1: node \"w/x\": "));
  BOOST_TEST(r.nodes.log() == "w/x w/x ");
  BOOST_TEST(r.result.calls == 2U);
}

BOOST_AUTO_TEST_CASE(a_workflow_that_is_over_at_once_is_tried_again_as_often_as_it_may_be) {
  EngineRun r(around(R"({"nodes": [{"id": "n", "type": "inline", "params": {"fail_times": 9}}]})",
                     R"(, "retry": {"max_attempts": 100, "wait_ms": 0})"));
  BOOST_TEST(r.run().starts_with("failed\n"));
  BOOST_TEST(r.nodes.log().size() == 400U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
