#include <thread>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(engine_time)

using std::chrono::milliseconds;

const std::string kPatient = R"({"nodes": [{"id": "a", "type": "patient"}, {"id": "b", "type": "inline"}]})";
const std::string kCancelledText =
    "cancelled\ncancelled | flow.json: /nodes/0 | node \"a\": the run was cancelled |  | a\n";

BOOST_AUTO_TEST_CASE(a_node_within_its_time_is_left_alone) {
  for (const std::string_view type : {"inline", "script", "async", "early"}) {
    EngineRun r(R"({"nodes": [{"id": "a", "type": ")" + std::string(type) + R"(", "timeout_ms": 60000}]})");
    BOOST_TEST(r.run() == "success\n", type);
    BOOST_TEST(r.nodes.get(type).cancelled == 0, type);
  }
}

BOOST_AUTO_TEST_CASE(a_node_beyond_its_time_is_asked_to_end_and_fails) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "patient", "timeout_ms": 5,
                             "params": {"fail_times": 1, "failure": {"message": "its own words"}}}]})");
  BOOST_TEST(r.run() ==
             "failed\ntimeout | flow.json: /nodes/0 | node \"a\": it did not end within 5 ms | Raise the node's "
             "timeout_ms if it needs longer. | a\n");
  BOOST_TEST(r.nodes.get("patient").cancelled == 1);
  BOOST_TEST(r.nodes.get("patient").abandoned == 0);
  BOOST_TEST(r.result.abandoned == 0u);
}

BOOST_AUTO_TEST_CASE(a_node_that_succeeds_after_it_was_asked_to_end_has_succeeded) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "patient", "timeout_ms": 5, "params": {"write": {"v": 1}}},
                            {"id": "b", "type": "inline"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "a b ");
  BOOST_TEST(r.written("a", "v") == "1");
}

BOOST_AUTO_TEST_CASE(a_timeout_is_repeated_by_an_explicit_retry) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "patient", "timeout_ms": 5, "retry": {"max_attempts": 2},
                             "params": {"fail_times": 1}}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "a a#2 ");
}

BOOST_AUTO_TEST_CASE(a_call_knows_its_deadline_and_that_it_was_asked_to_end) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "curious", "timeout_ms": 60000}, {"id": "b", "type": "curious"}]})");
  std::string seen;
  r.nodes.add("curious", [&](Call& call) {
    seen += call.deadline() ? "deadline " : "none ";
    seen += call.cancelled() ? "cancelled " : "";
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(seen == "deadline none ");
}

BOOST_AUTO_TEST_CASE(the_runs_time_ends_the_call_in_progress_and_no_other_begins) {
  EngineRun r(
      R"({"limits": {"max_duration_ms": 5}, "nodes": [{"id": "a", "type": "patient", "params": {"fail_times": 1}},
      {"id": "b", "type": "inline"}], "edges": [{"from": "a", "to": "b"}, {"from": "a", "to": "b", "action": "error"}]})");
  BOOST_TEST(r.run() ==
             "failed\ndeadline_exceeded | flow.json: /nodes/0 | node \"a\": the run's time was over before it ended | "
             "Raise --timeout or limits.max_duration_ms if the run needs longer. | "
             "a\n");
  BOOST_TEST(r.nodes.log() == "a ");
}

BOOST_AUTO_TEST_CASE(a_run_whose_time_is_over_starts_no_further_node) {
  EngineRun r(
      R"({"nodes": [{"id": "a", "type": "script", "params": {"sleep_ms": 30}}, {"id": "b", "type": "inline"}]})");
  r.options.max_duration_ms = 10;
  const std::string ended = r.run();
  // The first node does not listen when it is asked to end: it succeeds late.
  BOOST_TEST(ended ==
             "failed\ndeadline_exceeded | flow.json: /nodes/1 | node \"b\": the run's time was over before it ended | "
             "Raise --timeout or limits.max_duration_ms if the run needs longer. | "
             "b\n");
  BOOST_TEST(r.nodes.log() == "a ");
}

BOOST_AUTO_TEST_CASE(the_smaller_of_the_documents_and_the_callers_limit_counts) {
  const auto limited = [](std::string_view document_ms, std::int64_t caller_ms) {
    EngineRun r(R"({"limits": {"max_duration_ms": )" + std::string(document_ms) +
                R"(}, "nodes": [{"id": "a", "type": "patient", "params": {"fail_times": 1}}]})");
    r.options.max_duration_ms = caller_ms;
    r.run();
    return r.result.error->code_text();
  };
  BOOST_TEST(limited("600000", 5) == "deadline_exceeded");
  BOOST_TEST(limited("5", 600'000) == "deadline_exceeded");
}

BOOST_AUTO_TEST_CASE(the_earlier_of_node_and_run_gives_the_code) {
  const auto code = [](int node_ms, int run_ms) {
    EngineRun r(R"({"limits": {"max_duration_ms": )" + std::to_string(run_ms) +
                R"(}, "nodes": [{"id": "a", "type": "patient", "timeout_ms": )" + std::to_string(node_ms) +
                R"(, "params": {"fail_times": 1}}]})");
    r.run();
    return r.result.error->code_text();
  };
  BOOST_TEST(code(5, 600'000) == "timeout");
  BOOST_TEST(code(600'000, 5) == "deadline_exceeded");
}

BOOST_AUTO_TEST_CASE(the_runs_time_cuts_a_wait_for_the_next_attempt_short) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "retry": {"max_attempts": 2, "wait_ms": 600000},
                             "params": {"fail_times": 1}}]})");
  r.options.max_duration_ms = 10;
  BOOST_TEST(r.run().starts_with("failed\ndeadline_exceeded | "));
  BOOST_TEST(r.nodes.log() == "a ");
}

BOOST_AUTO_TEST_CASE(a_run_cancelled_beforehand_starts_nothing) {
  EngineRun r(kPatient);
  r.control.cancel();
  BOOST_TEST(r.control.cancelled());
  BOOST_TEST(r.run() == kCancelledText);
  BOOST_TEST(r.nodes.log() == "");
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_ends_the_call_in_progress) {
  EngineRun r(kPatient);
  r.nodes.get("patient").type.retry = ir::RetryPolicy{.max_attempts = 3};
  std::thread user([&] {
    std::this_thread::sleep_for(milliseconds(5));
    r.control.cancel();
  });
  const std::string ended = r.run();
  user.join();
  // Its success counts, and the next node does not begin.
  const std::string next = "cancelled\ncancelled | flow.json: /nodes/1 | node \"b\": the run was cancelled |  | b\n";
  BOOST_TEST((ended == next || (ended == kCancelledText && r.nodes.log().empty())), ended);
}

BOOST_AUTO_TEST_CASE(a_call_that_fails_because_of_the_cancellation_is_cancelled_and_not_routed) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "willing", "retry": {"max_attempts": 3}, "params": {"fail_times": 9,
      "fail_write": {"v": 1}}}, {"id": "b", "type": "inline"}],
      "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  Gate asked;
  FakeType& willing = r.nodes.add("willing", [&](Call& call) {
    r.nodes.note(call);
    r.control.cancel();
    asked.wait();
    BOOST_TEST(call.cancelled());
    act(call);
    return RunState::kEnded;
  });
  willing.cancel = [&](Call&) { asked.open(); };
  BOOST_TEST(r.run() == kCancelledText);
  BOOST_TEST(r.nodes.log() == "a ");
  BOOST_TEST(willing.cancelled == 1);
  BOOST_TEST(r.written("a", "v") == "absent");
  BOOST_TEST(r.written("a", "error") == "absent");
}

BOOST_AUTO_TEST_CASE(a_cancellation_after_the_last_node_changes_nothing) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline"}]})");
  BOOST_TEST(r.run() == "success\n");
  r.control.cancel();
  BOOST_TEST(r.written("a", "error") == "absent");
  BOOST_TEST((r.result.status == RunStatus::kSuccess));
}

BOOST_AUTO_TEST_CASE(a_cancellation_while_the_last_node_runs_at_once_leaves_its_success) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "self"}]})");
  FakeType& self = r.nodes.add("self", [&](Call&) {
    r.control.cancel();
    return RunState::kEnded;
  });
  self.type.nonblocking = true;
  BOOST_TEST(r.run() == "success\n");
}

BOOST_AUTO_TEST_CASE(a_cancellation_cuts_a_wait_for_the_next_attempt_short) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "last_straw", "retry": {"max_attempts": 2, "wait_ms": 600000}}]})");
  FakeType& straw = r.nodes.add("last_straw", [&](Call& call) {
    r.nodes.note(call);
    r.control.cancel();
    call.fail({.message = "broken"});
    return RunState::kEnded;
  });
  straw.type.nonblocking = true;
  BOOST_TEST(r.run() == kCancelledText);
  BOOST_TEST(r.nodes.log() == "a ");
}

BOOST_AUTO_TEST_CASE(a_call_that_ignores_being_asked_is_left_behind) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "a", "type": "stubborn", "timeout_ms": 5}]})");
  r.options.grace = milliseconds(5);
  r.nodes.get("stubborn").type.plugin_path = "/plugins/stubborn.so";
  BOOST_TEST(r.run() ==
             "failed\ntimeout | flow.json: /nodes/0 | node \"a\": it did not end within 5 ms | It did not stop when "
             "asked to and was left behind; its plugin is /plugins/stubborn.so. | a\n");
  BOOST_TEST(r.result.abandoned == 1u);
  BOOST_TEST(r.nodes.get("stubborn").cancelled == 1);
  BOOST_TEST(r.nodes.get("stubborn").abandoned == 1);
  r.nodes.gate.open();
}

BOOST_AUTO_TEST_CASE(a_pending_call_that_never_completes_is_left_behind) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "a", "type": "silent", "timeout_ms": 5}]})");
  r.options.grace = milliseconds(0);
  BOOST_TEST(r.run() ==
             "failed\ntimeout | flow.json: /nodes/0 | node \"a\": it did not end within 5 ms | It did not stop when "
             "asked to and was left behind. | a\n");
  BOOST_TEST(r.nodes.get("silent").abandoned == 1);
}

BOOST_AUTO_TEST_CASE(a_call_left_behind_takes_the_error_edge_and_further_nodes_have_a_worker) {
  EngineRun& r =
      lasting_run(R"({"nodes": [{"id": "a", "type": "stubborn", "timeout_ms": 5, "retry": {"max_attempts": 3}},
      {"id": "b", "type": "script", "params": {"write": {"seen": "${a.error.code}"}}}],
      "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  r.options.grace = milliseconds(5);
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("b", "seen") == "\"timeout\"");
  BOOST_TEST(r.nodes.log().ends_with("b "));
  BOOST_TEST(r.nodes.log().find("a#2") == std::string::npos);
  BOOST_TEST(r.result.abandoned == 1u);
  r.nodes.gate.open();
}

BOOST_AUTO_TEST_CASE(what_a_call_wrote_before_it_was_left_behind_is_discarded) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "a", "type": "half", "timeout_ms": 5}, {"id": "b", "type": "inline"}],
      "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  r.options.grace = milliseconds(0);
  FakeType& half = r.nodes.add("half", [](Call& call) {
    call.write("partial", Value::boolean(true));
    return RunState::kPending;
  });
  half.type.nonblocking = true;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("a", "partial") == "absent");
  BOOST_TEST(r.written("a", "error") ==
             R"({"code":"timeout","message":"it did not end within 5 ms","retryable":false})");
}

BOOST_AUTO_TEST_CASE(a_cancelled_run_leaves_a_call_behind_that_does_not_listen) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "a", "type": "stubborn"}]})");
  r.options.grace = milliseconds(5);
  std::thread user([&] {
    r.nodes.entered.wait();
    r.control.cancel();
  });
  const std::string ended = r.run();
  user.join();
  BOOST_TEST(
      ended ==
      "cancelled\ncancelled | flow.json: /nodes/0 | node \"a\": the run was cancelled | It did not stop when asked "
      "to and was left behind. | a\n");
  BOOST_TEST(r.result.abandoned == 1u);
  r.nodes.gate.open();
}

BOOST_AUTO_TEST_CASE(a_cancel_that_blocks_costs_no_more_than_the_grace) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "a", "type": "deaf", "timeout_ms": 5}, {"id": "b", "type": "patient",
      "timeout_ms": 5, "params": {"write": {"v": 1}}}], "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  r.options.grace = milliseconds(5);
  FakeType& deaf = r.nodes.add("deaf", [](Call&) { return RunState::kPending; });
  deaf.type.nonblocking = true;
  deaf.cancel = [&r](Call&) { r.nodes.gate.wait(); };
  const auto before = std::chrono::steady_clock::now();
  static_cast<void>(r.run());
  BOOST_CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
  BOOST_TEST(r.result.abandoned >= 1u);
  BOOST_TEST(deaf.abandoned == 1);
  BOOST_TEST(r.written("a", "error") ==
             R"({"code":"timeout","message":"it did not end within 5 ms","retryable":false})");
  BOOST_TEST(r.nodes.get("patient").cancelled == 1);  // on a new thread: the first one is stuck
  r.nodes.gate.open();
}

BOOST_AUTO_TEST_CASE(a_call_that_was_left_behind_is_no_call_of_a_later_node) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "a", "type": "silent", "timeout_ms": 5},
      {"id": "b", "type": "async", "params": {"write": {"v": 1}}}],
      "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  r.options.grace = milliseconds(0);
  BOOST_TEST(r.run() == "success\n");  // it hangs here, until ctest's limit, when b's end is told to nobody
  BOOST_TEST(r.written("b", "v") == "1");
  r.nodes.join();
}

BOOST_AUTO_TEST_CASE(calls_behind_a_cancel_that_hangs_are_asked_too) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "b", "type": "deaf", "timeout_ms": 5,
      "batch": {"items": [0, 1, 2, 3], "parallel": true, "error_handling": "continue"}}]})");
  r.options.grace = milliseconds(300);
  FakeType& deaf = r.nodes.add("deaf", [](Call&) { return RunState::kPending; });
  deaf.type.nonblocking = true;
  deaf.type.concurrent = true;
  deaf.cancel = [&r](Call& call) {
    if (call.identity().batch_index == 0) return r.nodes.gate.wait();
    call.fail({.message = "stopped"});
    call.complete();
  };
  static_cast<void>(r.run());
  BOOST_TEST(deaf.cancelled == 4);
  BOOST_TEST(r.result.abandoned == 1U);
  r.nodes.gate.open();
}

BOOST_AUTO_TEST_CASE(calls_behind_cancels_that_all_hang_are_left_behind_in_the_end) {
  EngineRun& r = lasting_run(R"({"inputs": {"list": {"type": "array"}}, "nodes": [{"id": "b", "type": "deaf",
      "timeout_ms": 5, "batch": {"items": "${list}", "parallel": true, "max_concurrent": 500,
                                 "error_handling": "continue"}}]})");
  std::vector<Value> items(500);
  r.with("list", Value::array(items));
  r.options.grace = milliseconds(20);
  FakeType& deaf = r.nodes.add("deaf", [](Call&) { return RunState::kPending; });
  deaf.type.nonblocking = true;
  deaf.type.concurrent = true;
  deaf.cancel = [&r](Call&) { r.nodes.gate.wait(); };
  static_cast<void>(r.run());
  BOOST_TEST(r.result.abandoned == 500U);
  BOOST_TEST(deaf.cancelled < 100);
  r.nodes.gate.open();
}

BOOST_AUTO_TEST_CASE(what_a_call_that_was_left_behind_does_later_reaches_nobody) {
  EngineRun& r = lasting_run(R"({"nodes": [{"id": "a", "type": "late", "timeout_ms": 5}, {"id": "b", "type": "last"}],
      "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  r.options.grace = milliseconds(5);
  static auto* const done = new Gate;
  r.nodes.add("late", [&r](Call& call) {
    r.nodes.gate.wait();
    call.set_params(Value::integer(std::int64_t{7}));
    call.write("v", Value::integer(std::int64_t{7}));
    call.fail({.message = "too late"});
    done->open();
    return RunState::kEnded;
  });
  r.nodes.add("last", [&r](Call&) {
    r.nodes.gate.open();
    done->wait();
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("a", "v") == "absent");
  BOOST_TEST(r.written("a", "error") ==
             R"({"code":"timeout","message":"it did not end within 5 ms","retryable":false})");
}

BOOST_AUTO_TEST_CASE(an_async_call_may_complete_while_it_is_being_cancelled) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "yielding", "timeout_ms": 5}]})");
  FakeType& yielding = r.nodes.add("yielding", [](Call&) { return RunState::kPending; });
  yielding.type.nonblocking = true;
  yielding.cancel = [](Call& call) {
    call.fail({.message = "stopped", .retryable = true});
    call.complete();
  };
  BOOST_TEST(r.run().starts_with("failed\ntimeout | flow.json: /nodes/0 | node \"a\": it did not end within 5 ms"));
  BOOST_TEST(r.result.abandoned == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
