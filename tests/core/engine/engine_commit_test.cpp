#include <boost/test/unit_test.hpp>

#include "core/engine/outcome.hpp"
#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(engine_commit)

BOOST_AUTO_TEST_CASE(outputs_go_to_the_nodes_own_namespace) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "script", "params": {"write": {"x": 1, "y": [2]}}}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("a", "x") == "1");
  BOOST_TEST(r.written("a", "y") == "[2]");
  BOOST_TEST(r.written("", "x") == "absent");
}

BOOST_AUTO_TEST_CASE(the_last_failed_attempts_writes_are_kept_and_earlier_ones_are_not) {
  EngineRun r(
      R"({"nodes": [{"id": "a", "type": "changing", "retry": {"max_attempts": 2}}, {"id": "b", "type": "inline"}],
                  "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  r.nodes.add("changing", [](Call& call) {
    call.write(call.attempt() == 1 ? "first" : "second", Value::boolean(true));
    call.write("both", Value::integer(std::int64_t{call.attempt()}));
    call.fail({.message = "broken"});
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("a", "first") == "absent");
  BOOST_TEST(r.written("a", "second") == "true");
  BOOST_TEST(r.written("a", "both") == "2");
  BOOST_TEST(r.written("a", "error") == R"({"code":"node_failed","message":"broken","retryable":false})");
}

BOOST_AUTO_TEST_CASE(nothing_is_seen_of_a_call_before_it_has_ended) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "peeking"}]})");
  bool seen = true;
  r.nodes.add("peeking", [&](Call& call) {
    call.write("v", Value());
    seen = call.scope().own().find("v") != nullptr;
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(!seen);
  BOOST_TEST(r.written("a", "v") == "null");
}

BOOST_AUTO_TEST_CASE(an_item_s_output_keeps_its_own_name) {
  RunControl control;
  Call call(control, nullptr);
  PlanNode node;
  node.output_mapping = {{"llm_usage", "spent"}};
  Call::Identity identity;
  call.begin(identity, Scope());
  BOOST_TEST(committed_key(node, call, "llm_usage") == "spent");
  BOOST_TEST(committed_key(node, call, "other") == "other");
  identity.batch_index = 0;
  call.begin(identity, Scope());
  BOOST_TEST(committed_key(node, call, "llm_usage") == "llm_usage");
}

BOOST_AUTO_TEST_CASE(the_error_disappears_after_a_later_success) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "second_time"}, {"id": "look", "type": "inline",
      "params": {"write": {"seen": "${a.error.message}"}}}],
      "edges": [{"from": "a", "to": "look", "action": "error"}, {"from": "look", "to": "a"}]})");
  r.nodes.add("second_time", [](Call& call) {
    if (call.identity().visit == 1) call.fail({.message = "not yet"});
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("look", "seen") == "\"not yet\"");
  BOOST_TEST(r.written("a", "error") == "absent");
}

BOOST_AUTO_TEST_CASE(a_later_visit_replaces_what_it_writes_and_leaves_the_rest) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "once"}, {"id": "end", "type": "inline"}],
      "edges": [{"from": "a", "to": "a", "action": "again"}, {"from": "a", "to": "end"}]})");
  FakeType& once = r.nodes.add("once", [](Call& call) {
    call.write("n", Value::integer(call.identity().visit));
    if (call.identity().visit == 1) {
      call.write("only_first", Value::boolean(true));
      call.set_action("again");
    }
    return RunState::kEnded;
  });
  once.type.actions = {"again"};
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("a", "n") == "2");
  BOOST_TEST(r.written("a", "only_first") == "true");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_outputs_go_to_the_root) {
  EngineRun r(R"({"enable_namespacing": false, "nodes": [
      {"id": "a", "type": "inline", "params": {"write": {"x": 1}}},
      {"id": "b", "type": "inline", "params": {"write": {"y": "${x}", "x": 2}}}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("", "x") == "2");
  BOOST_TEST(r.written("", "y") == "1");
  BOOST_TEST(r.written("a", "x") == "absent");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_mappings_rename_what_is_read_and_written) {
  EngineRun r(R"({"enable_namespacing": false, "nodes": [
      {"id": "a", "type": "inline", "params": {"write": {"holder": {"mapped": "yes"}, "text": "t"}}},
      {"id": "b", "type": "inline"}, {"id": "c", "type": "inline", "params": {"write": {"own": true}}}],
      "mappings": {"a": {"output_mappings": {"text": "a_text"}},
                   "b": {"input_mappings": {"write": "holder"}}, "c": {"input_mappings": {"write": "holder"}}}})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("", "a_text") == "\"t\"");
  BOOST_TEST(r.written("", "text") == "absent");
  BOOST_TEST(r.written("", "mapped") == "\"yes\"");
  BOOST_TEST(r.written("", "own") == "true");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_a_failure_is_told_at_the_root) {
  EngineRun r(R"({"enable_namespacing": false, "nodes": [{"id": "a", "type": "inline", "params": {"fail_times": 1}},
      {"id": "b", "type": "inline", "params": {"write": {"seen": "${error.message}"}}}],
      "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("", "seen") == "\"it broke on attempt 1\"");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
