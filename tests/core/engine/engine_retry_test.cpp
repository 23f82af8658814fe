#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(engine_retry)

// A run of one node that fails `fail_times` times, with or without a retry of its own; what it did and how it ended.
std::string tried(int fail_times, std::string_view failure, std::string_view retry, std::string_view type = "inline") {
  EngineRun r(R"({"nodes": [{"id": "a", "type": ")" + std::string(type) + R"(", "params": {"fail_times": )" +
              std::to_string(fail_times) + R"(, "failure": )" + std::string(failure) + "}" + std::string(retry) +
              "}]}");
  r.run();
  return r.nodes.log() + std::string(run_status_name(r.result.status));
}

constexpr std::string_view kThrice = R"(, "retry": {"max_attempts": 3})";

BOOST_AUTO_TEST_CASE(without_a_retry_a_node_is_tried_once) {
  BOOST_TEST(tried(1, R"({"retryable": true})", "") == "a failed");
}

BOOST_AUTO_TEST_CASE(an_explicit_retry_repeats_failures_that_are_not_marked_retryable) {
  for (const std::string_view type : {"inline", "script", "async", "early"}) {
    BOOST_TEST(tried(2, "{}", kThrice, type) == "a a#2 a#3 success", type);
    BOOST_TEST(tried(3, "{}", kThrice, type) == "a a#2 a#3 failed", type);
  }
  BOOST_TEST(tried(1, R"({"kind": "timeout"})", kThrice) == "a a#2 success");
}

BOOST_AUTO_TEST_CASE(no_retry_repeats_invalid_parameters_authentication_or_cancellation) {
  for (const std::string_view kind : {"invalid_parameters", "authentication", "cancelled"})
    BOOST_TEST(tried(1, R"({"retryable": true, "kind": ")" + std::string(kind) + "\"}", kThrice) == "a failed", kind);
}

BOOST_AUTO_TEST_CASE(a_types_own_retry_repeats_only_what_is_marked_retryable) {
  const auto tried_by_default = [](std::string_view failure, std::string_view retry) {
    EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"fail_times": 2, "failure": )" +
                std::string(failure) + "}" + std::string(retry) + "}]}");
    r.nodes.get("inline").type.retry = ir::RetryPolicy{.max_attempts = 4};
    r.run();
    return r.nodes.log() + std::string(run_status_name(r.result.status));
  };
  BOOST_TEST(tried_by_default(R"({"retryable": true})", "") == "a a#2 a#3 success");
  BOOST_TEST(tried_by_default("{}", "") == "a failed");
  BOOST_TEST(tried_by_default("{}", R"(, "retry": {"max_attempts": 2})") == "a a#2 failed");
  BOOST_TEST(tried_by_default(R"({"retryable": true})", R"(, "retry": {"max_attempts": 1})") == "a failed");
}

BOOST_AUTO_TEST_CASE(the_error_of_a_run_is_the_last_attempts) {
  EngineRun r(
      R"({"nodes": [{"id": "a", "type": "inline", "retry": {"max_attempts": 3}, "params": {"fail_times": 5}}]})");
  BOOST_TEST(r.run() == "failed\nnode_failed | flow.json: /nodes/0 | node \"a\": it broke on attempt 3 |  | a\n");
  BOOST_TEST(r.result.calls == 1u);
}

// The waits that an observer is told of.
class Waits final : public RunObserver {
 public:
  void call_started(const PlanNode&, const Call&) override {}

  void attempt_failed(const PlanNode&, const Call&, std::chrono::milliseconds wait) override {
    seen += std::to_string(wait.count()) + " ";
  }

  void call_ended(const PlanNode&, const Call&) override {}

  std::string seen;
};

std::string waits(std::string_view retry, std::string_view failure = "{}") {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "retry": )" + std::string(retry) +
              R"(, "params": {"fail_times": 9, "failure": )" + std::string(failure) + "}}]}");
  Waits observer;
  r.options.observer = &observer;
  r.run();
  return observer.seen;
}

BOOST_AUTO_TEST_CASE(waits_grow_by_the_backoff_up_to_their_limit) {
  BOOST_TEST(waits(R"({"max_attempts": 4})") == "0 0 0 ");
  BOOST_TEST(waits(R"({"max_attempts": 4, "wait_ms": 2})") == "2 2 2 ");
  BOOST_TEST(waits(R"({"max_attempts": 5, "wait_ms": 1, "backoff": 2})") == "1 2 4 8 ");
  BOOST_TEST(waits(R"({"max_attempts": 5, "wait_ms": 2, "backoff": 1.5})") == "2 3 4 6 ");
  BOOST_TEST(waits(R"({"max_attempts": 5, "wait_ms": 1, "backoff": 3, "max_wait_ms": 5})") == "1 3 5 5 ");
}

BOOST_AUTO_TEST_CASE(what_the_node_asks_to_wait_goes_before_the_backoff_and_not_beyond_the_limit) {
  BOOST_TEST(waits(R"({"max_attempts": 3, "wait_ms": 9, "backoff": 2})", R"({"retry_after_ms": 1})") == "1 1 ");
  BOOST_TEST(waits(R"({"max_attempts": 2, "wait_ms": 9})", R"({"retry_after_ms": 0})") == "0 ");
  BOOST_TEST(waits(R"({"max_attempts": 2, "max_wait_ms": 3})", R"({"retry_after_ms": 86400000})") == "3 ");
}

BOOST_AUTO_TEST_CASE(a_types_own_limit_is_not_for_what_the_node_asks_to_wait_but_a_minute_is) {
  const auto waited = [](std::string_view asked_ms) {
    EngineRun r(R"({"limits": {"max_duration_ms": 40}, "nodes": [{"id": "a", "type": "inline",
        "params": {"fail_times": 1, "failure": {"retryable": true, "retry_after_ms": )" +
                std::string(asked_ms) + "}}}]}");
    r.nodes.get("inline").type.retry = ir::RetryPolicy{.max_attempts = 2, .max_wait_ms = 2};
    Waits observer;
    r.options.observer = &observer;
    r.run();
    return observer.seen;
  };
  BOOST_TEST(waited("5") == "5 ");
  BOOST_TEST(waited("86400000") == "60000 ");
}

BOOST_AUTO_TEST_CASE(the_wait_is_waited) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "retry": {"max_attempts": 3, "wait_ms": 15, "backoff": 2},
                             "params": {"fail_times": 2}}]})");
  const auto began = std::chrono::steady_clock::now();
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST((std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(45)));
}

BOOST_AUTO_TEST_CASE(each_attempt_resolves_its_parameters_and_starts_with_nothing_written) {
  EngineRun r(R"({"inputs": {"v": {}}, "nodes": [{"id": "a", "type": "inline", "retry": {"max_attempts": 2},
      "params": {"fail_times": 1, "fail_write": {"partial": 1}, "write": {"v": "${v}"}}}]})");
  BOOST_TEST(r.with("v", Value::string("x")).run() == "success\n");
  BOOST_TEST(r.written("a", "v") == "\"x\"");
  BOOST_TEST(r.written("a", "partial") == "absent");
}

BOOST_AUTO_TEST_CASE(each_visit_has_its_own_attempts) {
  EngineRun r(
      R"({"nodes": [{"id": "a", "type": "twice", "retry": {"max_attempts": 2}, "params": {"fail_times": 1}}, {"id": "end", "type": "inline"}],
      "edges": [{"from": "a", "to": "a", "action": "again"}, {"from": "a", "to": "end"}]})");
  FakeType& twice = r.nodes.add("twice", [&](Call& call) {
    r.nodes.note(call);
    act(call);
    if (call.identity().visit == 1) call.set_action("again");
    return RunState::kEnded;
  });
  twice.type.actions = {"again"};
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.log() == "a a#2 a a#2 end ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
