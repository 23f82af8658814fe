#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "host/loader/extension_tables.hpp"
#include "tests/host/loader/bad_plugin.hpp"
#include "tests/host/loader/scripted_http.hpp"

namespace pflow::host {
using namespace bad;  // NOLINT(google-build-using-namespace): the words of these tests

namespace {

// Never destroyed, as the program's own client: calls that were left behind may still come to it.
test::ScriptedHttp& scripted() {
  static auto* http = new test::ScriptedHttp;
  return *http;
}

RunSetup asking(std::string_view path, std::string_view how = "") {
  RunSetup setup;
  setup.params = fmt::format(R"({{"url": "http://x/{}", "how": "{}"}})", path, how);
  setup.services.http = &scripted();
  return setup;
}

Ran ask(std::string_view path, std::string_view how = "", std::string_view more_of_node = "") {
  RunSetup setup = asking(path, how);
  setup.more_of_node = more_of_node;
  return run("http", setup);
}

std::string outcome(const Ran& ran) {
  return ran.problems.empty() && !ran.result.error ? ran.outputs : failure_of(ran);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_of_calls)

BOOST_AUTO_TEST_CASE(an_answer_reaches_the_plugin_and_is_told_to_who_meters) {
  const Ran ran = ask("ok");
  BOOST_TEST(outcome(ran) == R"({"out":"200 fine 4 "})");
  BOOST_TEST(ran.told->wait_for(1).back() == "http n GET http://x/ok 200 ");
}

BOOST_AUTO_TEST_CASE(a_user_and_password_are_not_told_to_who_meters) {
  RunSetup setup = asking("ok");
  setup.params = R"({"url": "http://me:password@x/ok", "how": ""})";
  const Ran ran = run("http", setup);
  BOOST_TEST(ran.told->wait_for(1).back() == "http n GET http://x/ok 200 ");
}

BOOST_AUTO_TEST_CASE(an_exchange_that_fails_names_its_code) {
  BOOST_TEST(failure_of(ask("refused")) ==
             "unavailable: node \"n\": a service it needs is unavailable\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(an_aborted_exchange_is_still_told_its_end) {
  BOOST_TEST(failure_of(ask("hangs", "aborts")) == "cancelled: node \"n\": it was cancelled\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(a_timeout_aborts_the_exchange_of_a_plugin_that_has_no_cancel) {
  const Ran ran = ask("hangs", "", R"(, "timeout_ms": 40)");
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "Raise the node's timeout_ms if it needs longer.");
  BOOST_TEST(ran.result.abandoned == 0U);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_completed_waits_for_the_end_of_its_exchange) {
  const Ran ran = ask("hangs", "completes_first");
  BOOST_TEST(outcome(ran) == R"({"out":"fine"})");
  const auto words = ran.told->words();
  BOOST_REQUIRE(words.size() == 2U);
  BOOST_TEST(words[0] == "http n GET http://x/hangs 0 cancelled");
  BOOST_TEST(words[1] == "log 7 bytes, fields 0 bytes: on_done");
}

BOOST_AUTO_TEST_CASE(a_run_that_returns_waits_for_the_end_of_its_exchange) {
  const Ran ran = ask("hangs", "returns");
  BOOST_TEST(outcome(ran) == R"({"out":"returned"})");
  BOOST_TEST(ran.told->words().back() == "log 7 bytes, fields 0 bytes: on_done");
}

BOOST_AUTO_TEST_CASE(a_handler_that_refuses_data_aborts_the_exchange) {
  BOOST_TEST(failure_of(ask("ok", "refuses_data")) == "cancelled: node \"n\": it was cancelled\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(a_request_that_is_too_small_is_refused) {
  BOOST_TEST(failure_of(ask("ok", "short_request")) == "refused: node \"n\": the host refused it\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(without_the_service_a_request_is_refused) {
  RunSetup setup = asking("ok");
  setup.services = {};
  BOOST_TEST(failure_of(run("http", setup)) == "refused: node \"n\": the host refused it\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(a_node_that_says_it_does_not_block_may_not_wait) {
  BOOST_TEST(failure_of(ask("ok", "performs")) ==
             misbehaved("http", "waits for HTTP though its node type says that it does not block"));
}

BOOST_AUTO_TEST_CASE(a_node_that_may_block_is_told_on_its_own_thread) {
  BOOST_TEST(outcome(run("http_blocking", asking("ok"))) == R"({"out":"200 fine 4  on its own thread"})");
}

BOOST_AUTO_TEST_CASE(a_waiting_node_that_refuses_the_last_of_the_data_has_aborted_the_exchange) {
  const Ran ran = run("http_blocking", asking("ok", "refuses_data"));
  BOOST_TEST(failure_of(ran) == "cancelled: node \"n\": it was cancelled\nflow.json: /nodes/0");
  BOOST_TEST(ran.told->wait_for(1).back() == "http n GET http://x/ok 200 aborted");
}

BOOST_AUTO_TEST_CASE(what_a_waiting_node_has_not_taken_is_bounded) {
  const std::size_t before = scripted().pauses();
  const Ran ran = run("http_blocking", asking("big", "takes_its_time"));
  BOOST_TEST(outcome(ran) == fmt::format(R"({{"out":"200 {} {}  on its own thread"}})", std::string(63, 'x'), 4 << 20));
  BOOST_TEST(scripted().pauses() > before);
}

BOOST_AUTO_TEST_CASE(a_timeout_ends_a_node_that_waits) {
  RunSetup setup = asking("hangs");
  setup.more_of_node = R"(, "timeout_ms": 40)";
  setup.grace = std::chrono::seconds(10);
  const Ran ran = run("http_blocking", setup);
  BOOST_TEST(failure_of(ran) ==
             "timeout: node \"n\": it did not end within 40 ms\nflow.json: /nodes/0\n"
             "Raise the node's timeout_ms if it needs longer.");
  BOOST_TEST(ran.result.abandoned == 0U);
}

BOOST_AUTO_TEST_CASE(many_exchanges_of_one_node_end_each_with_their_call) {
  RunSetup setup = asking("ok");
  setup.more_of_node = R"(, "batch": {"items": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],
                             "parallel": true, "max_concurrent": 20})";
  const Ran ran = run("http", setup);
  BOOST_TEST(!ran.result.error);
  BOOST_TEST(ran.outputs.find(R"("success_count":20)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_in_a_header_is_known_as_a_secret) {
  const Ran ran = ask("ok");
  BOOST_TEST(ran.told->secrets().size() == 1U);
  BOOST_TEST(ran.told->secrets().front() == "X-Api-Key=a-key-of-the-plugin");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
