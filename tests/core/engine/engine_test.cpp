#include "core/engine/engine.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(engine)

BOOST_AUTO_TEST_CASE(every_status_has_a_name) {
  BOOST_TEST(run_status_name(RunStatus::kSuccess) == "success");
  BOOST_TEST(run_status_name(RunStatus::kDegraded) == "degraded");
  BOOST_TEST(run_status_name(RunStatus::kFailed) == "failed");
  BOOST_TEST(run_status_name(RunStatus::kCancelled) == "cancelled");
  BOOST_TEST(run_status_name(static_cast<RunStatus>(99)) == "unknown");
}

BOOST_AUTO_TEST_CASE(without_edges_nodes_run_in_the_order_written) {
  EngineRun r(
      R"({"nodes": [{"id": "c", "type": "inline"}, {"id": "a", "type": "script"}, {"id": "b", "type": "async"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "c a b ");
  BOOST_TEST(r.result.calls == 3u);
  BOOST_TEST(r.result.last_node == 2u);
  BOOST_TEST(r.result.abandoned == 0u);
}

BOOST_AUTO_TEST_CASE(without_edges_the_order_begins_at_the_start_node) {
  EngineRun r(
      R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"}, {"id": "c", "type": "inline"}],
                  "start_node": "b"})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "b c ");
}

BOOST_AUTO_TEST_CASE(without_edges_no_action_changes_the_order) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"action": "elsewhere"}},
                            {"id": "b", "type": "inline"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "a b ");
}

BOOST_AUTO_TEST_CASE(with_no_edge_in_the_list_only_the_start_node_runs) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"}], "edges": []})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "a ");
}

BOOST_AUTO_TEST_CASE(edges_lead_from_the_start_node) {
  EngineRun r(
      R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"}, {"id": "c", "type": "inline"}],
                  "edges": [{"from": "c", "to": "a"}, {"from": "a", "to": "b"}], "start_node": "c"})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "c a b ");
}

BOOST_AUTO_TEST_CASE(an_action_chooses_the_edge) {
  const auto log_of = [](std::string_view action) {
    EngineRun r(R"({"nodes": [{"id": "a", "type": "branching", "params": {"action": ")" + std::string(action) + R"("}},
                              {"id": "b", "type": "inline"}, {"id": "c", "type": "inline"}],
                    "edges": [{"from": "a", "to": "b"}, {"from": "a", "to": "c", "action": "retry"}]})");
    FakeType& branching = r.nodes.add("branching", r.nodes.get("inline").run);
    branching.type.nonblocking = true;
    branching.type.actions = {"retry", "other"};
    const std::string ended = r.run();
    return ended + r.nodes.log();
  };
  BOOST_TEST(log_of("default") == "success\na b ");
  BOOST_TEST(log_of("retry") == "success\na c ");
  BOOST_TEST(log_of("") == "success\na b ");
  BOOST_TEST(log_of("retyr") ==
             "failed\nno_edge | flow.json: /nodes/0 | node \"a\": it ended with the action \"retyr\", and no edge is "
             "for that | Did you mean \"retry\"? Actions with an edge: default, retry. | a\na ");
}

BOOST_AUTO_TEST_CASE(a_node_with_only_an_error_edge_ends_the_run_when_it_succeeds) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"}],
                  "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "a ");
}

BOOST_AUTO_TEST_CASE(a_node_with_only_an_error_edge_and_an_action_of_its_own_is_an_error) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"action": "odd"}}, {"id": "b", "type": "inline"}],
                  "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  BOOST_TEST(r.run() ==
             "failed\nno_edge | flow.json: /nodes/0 | node \"a\": it ended with the action \"odd\", and no edge is for "
             "that | Actions with an edge: error. | a\n");
}

BOOST_AUTO_TEST_CASE(a_node_without_edges_may_end_with_any_action) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"action": "done"}}], "edges": []})");
  BOOST_TEST(r.run() == "success\n");
}

BOOST_AUTO_TEST_CASE(a_failure_without_an_error_edge_fails_the_run) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "script", "params": {"fail_times": 9,
      "failure": {"message": "exit status 3", "node_code": "exit_status", "hint": "See stderr."}}},
      {"id": "b", "type": "inline"}]})");
  BOOST_TEST(r.run() == "failed\nexit_status | flow.json: /nodes/0 | node \"a\": exit status 3 | See stderr. | a\n");
  BOOST_TEST(r.nodes.log() == "a ");
  BOOST_TEST((r.result.error->code == Code::kNodeFailed));
}

// A node "a" of type `type` that fails with `failure`, an error edge to "b" that reads what went wrong.
std::string routed(std::string_view type, std::string_view failure, std::string_view more = "") {
  EngineRun r(R"({"nodes": [{"id": "a", "type": ")" + std::string(type) +
              R"(", "params": {"fail_times": 9, "failure": )" + std::string(failure) + "}" + std::string(more) +
              R"(}, {"id": "b", "type": "inline", "params": {"write": {"seen": "${a.error}"}}},
                  {"id": "never", "type": "inline"}],
      "edges": [{"from": "a", "to": "b", "action": "error"}, {"from": "a", "to": "never"}]})");
  const std::string ended = r.run();
  return ended + r.nodes.log() + r.written("b", "seen");
}

BOOST_AUTO_TEST_CASE(every_kind_of_failure_takes_the_error_edge) {
  for (const std::string_view type : {"inline", "script", "async", "early"}) {
    BOOST_TEST(routed(type, R"({"message": "m"})") ==
                   R"(success
a b {"code":"node_failed","message":"m","retryable":false})",
               type);
  }
  BOOST_TEST(
      routed("inline", R"({"message": "m", "kind": "authentication", "node_code": "auth", "origin_code": 401})") ==
      R"(success
a b {"code":"auth","message":"m","retryable":false,"origin_code":401})");
  BOOST_TEST(routed("inline", R"({"message": "m", "kind": "invalid_parameters", "detail": {"line": 3}})") ==
             R"(success
a b {"code":"node_failed","message":"m","retryable":false,"detail":{"line":3}})");
  BOOST_TEST(routed("inline", R"({"message": "m", "kind": "timeout", "code": "timeout", "retryable": true})") ==
             R"(success
a b {"code":"timeout","message":"m","retryable":true})");
  BOOST_TEST(routed("inline", R"({"message": "m", "code": "plugin_misbehaved"})") ==
             R"(success
a b {"code":"plugin_misbehaved","message":"m","retryable":false})");
}

BOOST_AUTO_TEST_CASE(a_timeout_takes_the_error_edge) {
  BOOST_TEST(routed("patient", R"({"message": "m"})", R"(, "timeout_ms": 5)") ==
             R"(success
a b {"code":"timeout","message":"it did not end within 5 ms","retryable":false})");
}

BOOST_AUTO_TEST_CASE(an_unresolved_template_takes_the_error_edge) {
  EngineRun r(R"({"nodes": [{"id": "first", "type": "inline", "params": {"write": {"text": "x"}}},
      {"id": "a", "type": "inline", "params": {"write": {"t": "${first.txt}"}}},
      {"id": "b", "type": "inline", "params": {"write": {"seen": "${a.error.message}"}}}],
      "edges": [{"from": "first", "to": "a"}, {"from": "a", "to": "b", "action": "error"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "first b ");
  BOOST_TEST(r.written("b", "seen") == R"("cannot resolve ${first.txt}: \"first\" has no \"txt\"")");
}

BOOST_AUTO_TEST_CASE(an_unresolved_template_fails_the_node_before_it_runs) {
  EngineRun r(R"({"nodes": [{"id": "first", "type": "inline", "params": {"write": {"text": "x"}}},
      {"id": "a", "type": "script", "retry": {"max_attempts": 3}, "parameters": {"write": {"t": ["${first.txt}"]}}}]})");
  BOOST_TEST(r.run() ==
             "failed\nunresolved_template | flow.json: /nodes/1/parameters/write/t/0 | node \"a\": cannot resolve "
             "${first.txt}: \"first\" has no \"txt\" | Did you mean \"text\"? Keys of first: text. | a\n");
  BOOST_TEST(r.nodes.log() == "first ");
}

BOOST_AUTO_TEST_CASE(the_action_error_is_a_failure_and_takes_the_error_edge) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"action": "error"}},
      {"id": "b", "type": "inline", "params": {"write": {"seen": "${a.error.message}"}}}],
      "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("b", "seen") == R"("it ended with the action \"error\"")");
  EngineRun alone(R"({"nodes": [{"id": "a", "type": "inline", "params": {"action": "error"}}]})");
  BOOST_TEST(alone.run() ==
             "failed\nnode_failed | flow.json: /nodes/0 | node \"a\": it ended with the action \"error\" |  | a\n");
}

BOOST_AUTO_TEST_CASE(a_failure_in_a_document_without_edges_ends_the_run) {
  EngineRun r(
      R"({"nodes": [{"id": "a", "type": "inline", "params": {"fail_times": 1}}, {"id": "b", "type": "inline"}]})");
  BOOST_TEST(r.run() == "failed\nnode_failed | flow.json: /nodes/0 | node \"a\": it broke on attempt 1 |  | a\n");
}

BOOST_AUTO_TEST_CASE(a_loop_ends_when_its_action_does) {
  EngineRun r(R"({"nodes": [{"id": "count", "type": "counter"}, {"id": "after", "type": "inline"}],
      "edges": [{"from": "count", "to": "count", "action": "again"}, {"from": "count", "to": "after"}]})");
  FakeType& counter = r.nodes.add("counter", [](Call& call) {
    call.write("n", Value::integer(call.identity().visit));
    if (call.identity().visit < 5) call.set_action("again");
    return RunState::kEnded;
  });
  counter.type.actions = {"again"};
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("count", "n") == "5");
  BOOST_TEST(r.result.calls == 6u);
}

BOOST_AUTO_TEST_CASE(a_node_in_a_loop_reads_what_it_wrote_before) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"write": {"text": "x"}}},
      {"id": "grow", "type": "grower", "params": {"text": "${a.text}${grow.text}"}},
      {"id": "end", "type": "inline"}], "template_resolution_mode": "permissive",
      "edges": [{"from": "a", "to": "grow"}, {"from": "grow", "to": "grow", "action": "again"},
                {"from": "grow", "to": "end"}]})");
  FakeType& grower = r.nodes.add("grower", [](Call& call) {
    call.write("text", *call.params().find("text"));
    if (call.identity().visit < 3) call.set_action("again");
    return RunState::kEnded;
  });
  grower.type.actions = {"again"};
  BOOST_TEST(
      r.run() ==
      "degraded\nunresolved_template | flow.json: /nodes/1/params/text | cannot resolve ${grow.text}: node "
      "\"grow\" has not run yet | Its outputs exist only after it ran; check the edges that lead here. | grow\n");
  BOOST_TEST(r.written("grow", "text") == R"("xxx${grow.text}")");
}

BOOST_AUTO_TEST_CASE(a_loop_without_end_stops_at_the_visit_limit) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"}],
                  "edges": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]})");
  r.options.max_visits = 3;
  BOOST_TEST(r.run() ==
             "failed\nvisit_limit | flow.json: /nodes/0 | node \"a\": it has run 3 times, which is the limit | Check "
             "the edges that lead back to it, or raise PFLOW_MAX_NODE_VISITS. | a\n");
  BOOST_TEST(r.nodes.log() == "a b a b a b ");
  BOOST_TEST(r.result.calls == 6u);
}

BOOST_AUTO_TEST_CASE(the_visit_limit_is_a_hundred_unless_told_otherwise) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline"}], "edges": [{"from": "a", "to": "a"}]})");
  BOOST_TEST(r.run().starts_with("failed\nvisit_limit"));
  BOOST_TEST(r.result.calls == 100u);
}

BOOST_AUTO_TEST_CASE(permissive_a_missing_reference_degrades_the_run_and_is_told) {
  EngineRun r(R"({"template_resolution_mode": "permissive", "nodes": [
      {"id": "a", "type": "inline", "params": {"write": {"text": "x"}}},
      {"id": "b", "type": "inline", "params": {"write": {"t": ["${a.txt}", "${a.text}"]}}}]})");
  BOOST_TEST(
      r.run() ==
      "degraded\nunresolved_template | flow.json: /nodes/1/params/write/t/0 | cannot resolve ${a.txt}: \"a\" has "
      "no \"txt\" | Did you mean \"text\"? Keys of a: text. | b\n");
  BOOST_TEST(r.written("b", "t") == R"(["${a.txt}","x"])");
}

BOOST_AUTO_TEST_CASE(values_go_from_node_to_node_without_a_copy) {
  EngineRun r(R"({"inputs": {"text": {}}, "nodes": [
      {"id": "a", "type": "script", "params": {"write": {"v": "${text}"}}},
      {"id": "b", "type": "async", "params": {"write": {"v": "${a.v}"}}},
      {"id": "c", "type": "inline", "params": {"write": {"v": "${b.v}"}}}]})");
  const Value text = Value::string(std::string(1000, 'x'));
  BOOST_TEST(r.with("text", text).run() == "success\n");
  BOOST_TEST(r.store().outputs(2).find("v")->same_content(text));
}

BOOST_AUTO_TEST_CASE(a_plan_runs_many_times) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "script", "params": {"write": {"v": 1}}},
                            {"id": "b", "type": "inline", "params": {"write": {"v": "${a.v}"}}}]})");
  BOOST_TEST(r.run() == "success\n");
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(r.run_again() == "success\n");
  BOOST_TEST(r.written("b", "v") == "1");
}

BOOST_AUTO_TEST_CASE(a_call_knows_who_it_is) {
  EngineRun r(
      R"({"name": "news", "nodes": [{"id": "a", "type": "curious"}, {"id": "end", "type": "inline"}],
      "edges": [{"from": "a", "to": "a", "action": "again"}, {"from": "a", "to": "end"}]})");
  std::string seen;
  r.nodes
      .add("curious",
           [&](Call& call) {
             const Call::Identity& who = call.identity();
             seen += fmt::format("{} {} {} {} {} {} {}; ", who.run_id, who.workflow_id, who.node_id, who.node,
                                 who.visit, who.batch_index, call.attempt());
             if (who.visit == 1) call.set_action("again");
             return RunState::kEnded;
           })
      .type.actions = {"again"};
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(seen == "run-1 news a 0 1 -1 1; run-1 news a 0 2 -1 1; ");
}

// Writes down what an observer can see of each call.
class Watcher final : public RunObserver {
 public:
  void call_started(const PlanNode& node, const Call& call) override { tell("start", node, call); }

  void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) override {
    tell("retry in " + std::to_string(wait.count()), node, call);
  }

  void call_ended(const PlanNode& node, const Call& call) override { tell("end", node, call); }

  std::string seen;

 private:
  void tell(std::string_view what, const PlanNode& node, const Call& call) {
    seen +=
        fmt::format("{} {}#{} params {} wrote {} action {}{}\n", what, node.id, call.attempt(), to_json(call.params()),
                    call.staged().entries().size(), call.action(), call.failure() ? " failed" : "");
  }
};

BOOST_AUTO_TEST_CASE(an_observer_sees_every_call_and_nothing_of_the_one_before) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "retry": {"max_attempts": 2},
                             "params": {"fail_times": 1, "action": "odd", "write": {"v": 1, "w": 2}}},
                            {"id": "b", "type": "inline", "params": {"t": "${a.missing}"}}]})");
  Watcher watcher;
  r.options.observer = &watcher;
  BOOST_TEST(r.run().starts_with("failed\nunresolved_template"));
  const std::string params = R"({"fail_times":1,"action":"odd","write":{"v":1,"w":2}})";
  BOOST_TEST(watcher.seen == "start a#1 params " + params + " wrote 0 action default\nretry in 0 a#1 params " + params +
                                 " wrote 0 action error failed\nend a#2 params " + params +
                                 " wrote 2 action odd\nstart b#1 params null wrote 0 action default\n"
                                 "end b#1 params null wrote 0 action error failed\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
