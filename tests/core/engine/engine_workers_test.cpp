#include <fmt/format.h>

#include <chrono>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "core/engine/plan.hpp"
#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

// A workflow for each item, which goes where the item says: "hold" and "busy" are fakes of the test, "limited" is a
// workflow whose time is over soon, and whose node needs a worker. As many items hold one as there are.
std::string crowd(std::string_view last_items, std::string_view more_of_batch = "") {
  std::string items;
  for (std::size_t i = 0; i < kMaxWorkers; ++i)
    items += R"("hold", )";
  return fmt::format(R"({{"nodes": [{{"id": "w", "type": "workflow",
    "batch": {{"items": [{}{}], "parallel": true, "max_concurrent": 200{}}},
    "params": {{"param_mapping": {{"kind": "${{item}}"}}, "workflow_ir": {{
      "inputs": {{"kind": {{"type": "string"}}}},
      "nodes": [{{"id": "go", "type": "inline", "params": {{"action": "${{kind}}"}}}},
                {{"id": "hold", "type": "hold"}}, {{"id": "busy", "type": "busy"}},
                {{"id": "limited", "type": "workflow", "params": {{"workflow_ir": {{
                  "limits": {{"max_duration_ms": 30}}, "nodes": [{{"id": "late", "type": "script"}}]}}}}}}],
      "edges": [{{"from": "go", "to": "hold", "action": "hold"}}, {{"from": "go", "to": "busy", "action": "busy"}},
                {{"from": "go", "to": "limited", "action": "limited"}}]}}}}}}]}})",
                     items, last_items, more_of_batch);
}

FakeType& add_hold(EngineRun& r) {
  r.nodes.get("inline").type.actions = {"hold", "busy", "limited"};
  FakeType& hold = r.nodes.add("hold", [&r](Call&) {
    r.nodes.gate.wait();
    return RunState::kEnded;
  });
  hold.type.concurrent = true;
  return hold;
}

BOOST_AUTO_TEST_SUITE(engine_workers)

BOOST_AUTO_TEST_CASE(a_workflow_s_time_ends_a_call_that_waits_for_a_worker) {
  EngineRun r(crowd(R"("limited")"));
  add_hold(r).cancel = [&r](Call&) { r.nodes.gate.open(); };
  r.nodes.add("busy", [](Call&) { return RunState::kEnded; });
  const std::string told = r.run();
  BOOST_TEST(told.starts_with("failed\ndeadline_exceeded | "), told);
  BOOST_TEST(told.find("item 128: ") != std::string::npos, told);
  BOOST_TEST(r.nodes.log().find("late") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_call_whose_time_was_over_before_a_worker_came_does_not_begin) {
  EngineRun r(crowd(R"("limited", "busy")", R"(, "error_handling": "continue")"));
  add_hold(r);
  // On the engine's thread: when it goes on, calls have ended and a time is over.
  FakeType& busy = r.nodes.add("busy", [&r](Call&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    r.nodes.gate.open();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return RunState::kEnded;
  });
  busy.type.nonblocking = true;
  const std::string told = r.run();
  BOOST_TEST(told.starts_with("degraded\nitems_failed | "), told);
  BOOST_TEST(told.find("1 of 130 items failed; item 128: ") != std::string::npos, told);
  BOOST_TEST(told.find("was over before it ended") != std::string::npos, told);
  BOOST_TEST(r.nodes.log().find("late") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(calls_that_wait_for_a_worker_end_when_the_run_is_cancelled) {
  std::string many;
  for (int i = 0; i < 60; ++i)
    many += R"("hold", )";
  EngineRun r(crowd(many + R"("busy")"));
  FakeType& hold = add_hold(r);
  hold.cancel = [&r](Call&) { r.nodes.gate.open(); };
  FakeType& busy = r.nodes.add("busy", [&r](Call&) {
    r.control.cancel();
    return RunState::kEnded;
  });
  busy.type.nonblocking = true;
  BOOST_TEST(r.run().starts_with("cancelled\n"));
  BOOST_TEST(r.result.abandoned == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
