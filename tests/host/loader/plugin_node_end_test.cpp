// How the calls of a plugin's node end when they do not simply return: left behind, cancelled, completed late.
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "host/loader/plugin_node.hpp"
#include "tests/host/loader/bad_plugin.hpp"

namespace pflow::host {

using namespace bad;  // NOLINT(google-build-using-namespace): the words of these tests

BOOST_AUTO_TEST_SUITE(plugin_node_end)

BOOST_AUTO_TEST_CASE(a_call_that_never_ends_is_left_behind_and_its_plugin_named) {
  const Ran ran = run("never_completes", with_timeout());
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "It did not stop when asked to and was left behind; its plugin is never_completes.pflow.so.");
  BOOST_TEST(ran.result.abandoned == 1U);
  BOOST_TEST(ran.outputs.find("staged") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_that_never_returns_is_left_behind_and_its_plugin_named) {
  const auto before = std::chrono::steady_clock::now();
  const Ran ran = run("ignores_cancel", with_timeout());
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "It did not stop when asked to and was left behind; its plugin is ignores_cancel.pflow.so.");
  BOOST_TEST(ran.result.abandoned == 1U);
  BOOST_TEST(ran.outputs.find("staged") == std::string::npos);
  BOOST_CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
}

BOOST_AUTO_TEST_CASE(what_was_lent_to_a_call_stays_when_it_is_left_behind) {
  RunSetup setup = with_timeout();
  setup.params = R"({"text": "a longer text made from ${who} at run time"})";
  setup.inputs = {"who"};
  const Ran ran = run("left_behind", setup);
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "It did not stop when asked to and was left behind; its plugin is left_behind.pflow.so.");
  const std::vector<std::string> words = ran.told->wait_for(1);
  BOOST_REQUIRE(words.size() == 1U);
  BOOST_TEST(words[0] ==
             "log 85 bytes, fields 0 bytes: read \"a longer text made from value of who at run time\", "
             "store_set -5, is_cancelled 1");
}

BOOST_AUTO_TEST_CASE(while_a_call_left_behind_may_run_no_other_enters_its_node) {
  RunSetup setup = with_timeout();
  setup.more_of_document = R"(, "edges": [{"from": "n", "to": "n", "action": "error"}])";
  const Ran ran = run("reentered", setup);
  BOOST_TEST(failure_of(ran).starts_with("visit_limit: node \"n\": it has run 100 times"));
  BOOST_TEST(
      ran.outputs ==
      R"({"error":{"code":"node_failed","message":"an earlier call of it was left behind and may still be running",)"
      R"("retryable":false}})");
  BOOST_TEST(ran.result.abandoned == 1U);
}

BOOST_AUTO_TEST_CASE(a_cancel_that_never_returns_does_not_keep_the_run) {
  const auto before = std::chrono::steady_clock::now();
  const Ran ran = run("cancel_hangs", with_timeout());
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "It did not stop when asked to and was left behind; its plugin is cancel_hangs.pflow.so.");
  BOOST_TEST(ran.result.abandoned == 1U);
  BOOST_CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_while_its_node_is_made_is_not_run) {
  RunSetup setup = with_timeout();
  setup.grace = std::chrono::seconds(20);
  const Ran ran = run("create_slow", setup);
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "Raise the node's timeout_ms if it needs longer.");
  BOOST_TEST(ran.result.abandoned == 0U);
  BOOST_TEST(ran.told->words() == std::vector<std::string>{"log 4 bytes, fields 0 bytes: made"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_that_is_left_behind_while_its_node_is_made_is_not_run_later) {
  const Ran ran = run("create_slow", with_timeout());  // 60 ms of grace
  BOOST_TEST(ran.result.abandoned == 1U);
  BOOST_TEST(ran.told->wait_for(1).size() == 1U);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  BOOST_TEST(ran.told->words() == std::vector<std::string>{"log 4 bytes, fields 0 bytes: made"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_node_of_a_plugin_that_never_makes_one_fails_at_once_when_another_was_left_behind) {
  RunSetup setup = with_timeout();
  setup.more_nodes = R"(, {"id": "m", "type": "bad.create_hangs"})";
  setup.more_of_document = R"(, "edges": [{"from": "n", "to": "m", "action": "error"}])";
  const Ran ran = run("create_hangs", setup);
  BOOST_TEST(failure_of(ran) ==
             "node_failed: node \"m\": its plugin is still making another node, which was left behind\n"
             "flow.json: /nodes/1\nIts plugin create_hangs.pflow.so allows one call at a time.");
  BOOST_TEST(ran.result.abandoned == 1U);
}

BOOST_AUTO_TEST_CASE(an_exception_that_leaves_destroy_is_told) {
  test::Told told;
  const auto file = kFolder / "teardown_throws.pflow.so";
  Registry::Options options = test::options_for({file});
  options.events = &told;
  Registry registry(options);
  const Result<const NodeType*> type = registry.find("bad.teardown_throws");
  BOOST_REQUIRE(type.ok());
  {
    const Result<std::unique_ptr<Node>> node = registry.create(**type, Value::object({}));
    BOOST_REQUIRE(node.ok());
    RunControl control;
    const auto call = std::make_shared<Call>(control, &told);
    BOOST_TEST(((*node)->run(*call) == RunState::kEnded));
  }
  BOOST_TEST(told.words() == std::vector<std::string>{fmt::format(
                                 "late fault: plugin {} threw in destroy: still in use", file.string())},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(completing_inside_cancel_ends_the_call) {
  const Ran ran = run("cancel_completes", with_timeout());
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "Raise the node's timeout_ms if it needs longer.");
  BOOST_TEST(ran.result.abandoned == 0U);
}

// The plugin's timer and the deadline fire together: either may win, and both ends are whole.
BOOST_AUTO_TEST_CASE(a_completion_that_races_with_cancel_ends_the_call_once) {
  for (int i = 0; i < 20; ++i) {
    RunSetup setup;
    setup.params = R"({"message": "in time", "delay_ms": 5})";
    setup.more_of_node = R"(, "timeout_ms": 5)";
    setup.grace = std::chrono::seconds(20);
    const Ran ran = test::run_plugin(std::filesystem::path(PFLOW_TEST_PLUGINS) / "echo.pflow.so", "echo", setup);
    BOOST_TEST(ran.problems.empty());
    BOOST_TEST(ran.result.abandoned == 0U);
    if (!ran.result.error) {
      BOOST_TEST(ran.outputs == R"({"echo":"in time"})");
    } else {
      BOOST_TEST(failure_of(ran).starts_with("timeout: node \"n\": it did not end within 5 ms"));
    }
    BOOST_TEST(ran.told->words().empty());
  }
}

BOOST_AUTO_TEST_CASE(completing_twice_inside_cancel_ends_the_call_once) {
  const Ran ran = run("cancel_twice", with_timeout());
  BOOST_TEST(ran.result.abandoned == 0U);
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "Raise the node's timeout_ms if it needs longer.");
}

BOOST_AUTO_TEST_CASE(an_exception_that_leaves_cancel_is_caught) {
  const Ran ran = run("cancel_throws", with_timeout());
  BOOST_TEST(ran.result.abandoned == 0U);
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "Raise the node's timeout_ms if it needs longer.");
}

BOOST_AUTO_TEST_CASE(completing_once_more_when_the_call_has_ended_is_told_and_changes_nothing) {
  const Ran ran = run("completes_late");
  BOOST_TEST(ran.outputs == R"({"out":"fine"})");
  BOOST_TEST(!ran.result.error);
  BOOST_TEST(
      ran.told->wait_for(1) ==
          std::vector<std::string>{fmt::format(
              "late fault: plugin {}/completes_late.pflow.so completed a call that had ended", kFolder.string())},
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(completing_after_run_returned_ok_is_told_and_changes_nothing) {
  const Ran ran = run("completes_after_return");
  BOOST_TEST(!ran.result.error);
  BOOST_TEST(ran.told->wait_for(1) ==
                 std::vector<std::string>{fmt::format(
                     "late fault: plugin {}/completes_after_return.pflow.so completed a call that had ended",
                     kFolder.string())},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_that_has_ended_answers_every_use_with_invalid) {
  const Ran ran = run("late_use");
  BOOST_TEST(ran.outputs == R"({"out":"fine"})");
  BOOST_TEST(!ran.result.error);
  const std::vector<std::string> words = ran.told->wait_for(1);
  BOOST_REQUIRE(words.size() == 1U);
  BOOST_TEST(words[0] ==
             "log 92 bytes, fields 0 bytes: store_set -1 store_get -1 set_action -1 emit_chunk -1 call_info -1 "
             "make_int NULL params NULL");
}

BOOST_AUTO_TEST_CASE(a_buffer_of_a_call_that_has_ended_takes_nothing) {
  const Ran ran = run("late_append");
  BOOST_TEST(ran.outputs == R"({"out":"fine"})");
  BOOST_TEST(ran.told->wait_for(1) == std::vector<std::string>{"log 21 bytes, fields 0 bytes: append -1 finish NULL"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
