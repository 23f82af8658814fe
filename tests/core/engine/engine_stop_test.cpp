#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

// Notes which calls an observer is told of.
class ToldOfStops final : public RunObserver {
 public:
  void call_started(const PlanNode& node, const Call&) override { seen += "start " + node.id + "; "; }

  void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds) override {
    seen += "failed " + node.id + "#" + std::to_string(call.attempt()) + "; ";
  }

  void call_ended(const PlanNode& node, const Call&) override { seen += "end " + node.id + "; "; }

  std::string seen;
};

BOOST_AUTO_TEST_SUITE(engine_stop)

BOOST_AUTO_TEST_CASE(a_run_that_is_closed_starts_no_further_node) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "closes"}, {"id": "b", "type": "inline"}]})");
  r.nodes
      .add("closes",
           [&](Call& call) {
             r.nodes.note(call);
             call.write("v", Value::integer(std::int64_t{1}));
             r.control.close(too_dear());
             return RunState::kEnded;
           })
      .type.nonblocking = true;
  ToldOfStops told;
  r.options.observer = &told;
  BOOST_TEST(r.run() ==
             "failed\nbudget_exceeded | flow.json: /nodes/1 | node \"b\": it was not started: too dear |  | b\n");
  BOOST_TEST(r.nodes.log() == "a ");
  BOOST_TEST(told.seen == "start a; end a; ");
  BOOST_TEST(r.written("a", "v") == "1");
  BOOST_TEST(r.result.calls == 1U);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_closed_makes_no_further_attempt_and_takes_no_error_edge) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "closes", "retry": {"max_attempts": 5, "wait_ms": 0}},
                            {"id": "b", "type": "inline"}],
                  "edges": [{"from": "a", "to": "b", "action": "error"}]})");
  r.nodes.add("closes", [&](Call& call) {
    r.nodes.note(call);
    if (call.attempt() == 2) r.control.close(too_dear());
    Failure f;
    f.message = "broke";
    call.fail(std::move(f));
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() ==
             "failed\nbudget_exceeded | flow.json: /nodes/0 | node \"a\": it is not tried again: too dear; attempt 2 "
             "failed: broke |  | a\n");
  BOOST_TEST(r.nodes.log() == "a a#2 ");
}

BOOST_AUTO_TEST_CASE(the_first_reason_counts_and_a_cancellation_stays_one) {
  RunControl control;
  BOOST_TEST(control.open());
  control.close(too_dear());
  Failure other;
  other.message = "other";
  control.close(std::move(other));
  BOOST_TEST(!control.open());
  BOOST_TEST(!control.cancelled());
  BOOST_TEST(control.reason().message == "too dear");
  control.cancel();
  BOOST_TEST(control.cancelled());
  RunControl cancelled;
  cancelled.cancel();
  cancelled.close(too_dear());
  BOOST_TEST(cancelled.cancelled());
}

BOOST_AUTO_TEST_CASE(closing_after_the_last_node_changes_nothing) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "closes"}]})");
  r.nodes
      .add("closes",
           [&](Call&) {
             r.control.close(too_dear());
             return RunState::kEnded;
           })
      .type.nonblocking = true;
  BOOST_TEST(r.run() == "success\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
