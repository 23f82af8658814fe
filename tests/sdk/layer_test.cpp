// The C++ layer of the SDK, as the host sees a plugin that is written with it.
#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"
#include "tests/host/loader/scripted_http.hpp"

namespace pflow::host {
namespace {

using test::Ran;
using test::RunSetup;

const std::filesystem::path kPlugin = PFLOW_TEST_LAYER;

Ran run(const std::string& type, const std::string& params = "{}", RunSetup setup = {}) {
  setup.params = params;
  return test::run_plugin(kPlugin, "layer." + type, setup);
}

std::string ended(const Ran& ran) {
  if (!ran.problems.empty()) return "could not start: " + test::text_of(ran.problems.front(), kPlugin.parent_path());
  return ran.result.error ? test::text_of(*ran.result.error, kPlugin.parent_path()) : ran.outputs;
}

std::string ended(const std::string& type, const std::string& params = "{}") {
  return ended(run(type, params));
}

std::string failing(const std::string& how) {
  return ended("fails", R"({"how": ")" + how + "\"}");
}

std::string async(const std::string& how) {
  return ended("async", R"({"how": ")" + how + "\"}");
}

const std::string kPlace = "\nflow.json: /nodes/0";

// A parameter whose value is only known at run time, so that it is the plugin that reads it first.
std::string with_input(const std::string& name, const std::string& text) {
  RunSetup setup;
  setup.inputs = {"x"};
  return ended(run("params", R"({")" + name + R"(": )" + text + "}", setup));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layer)

BOOST_AUTO_TEST_CASE(who_waits_for_an_answer_is_told_how_it_ended) {
  static test::ScriptedHttp http;
  RunSetup setup;
  setup.services.http = &http;
  const auto asks = [&](const std::string& params) { return ended(run("asks", params, setup)); };
  BOOST_TEST(asks(R"({"url": "http://x/ok"})") == R"({"out":"200 fine whole"})");
  BOOST_TEST(asks(R"({"url": "http://x/refused"})") == R"({"out":"connect_failed"})");
  BOOST_TEST(asks(R"({"url": "http://x/ok", "throws": true})") == R"({"out":"200 not_this"})");
  setup.services = {};
  BOOST_TEST(asks(R"({"url": "http://x/ok"})") ==
             "http_refused: node \"n\": the host refused the request (status -11)" + kPlace);
}

BOOST_AUTO_TEST_CASE(initialisers_are_the_defaults) {
  BOOST_TEST(ended("params") == R"({"all":"plain|seen|5|7|0.5|true||-|a|b|k=v|slow|"})");
}

BOOST_AUTO_TEST_CASE(every_kind_of_parameter_is_read) {
  BOOST_TEST(
      ended("params", R"({"text": "t", "view": "é", "number": 10, "small": 255, "real": 2, "flag": false, "maybe": -3,
                                 "any": {"b": [1]}, "list": [], "names": {"x": "y"}, "mode": "fast", "key": "s3"})") ==
      R"({"all":"t|é|10|255|2|false|-3|{\"b\":[1]}|x=y|fast|s3"})");
}

BOOST_AUTO_TEST_CASE(null_stands_for_not_given) {
  BOOST_TEST(ended("params", R"({"text": null, "number": null, "maybe": null, "any": null, "list": null})") ==
             R"({"all":"plain|seen|5|7|0.5|true||-|a|b|k=v|slow|"})");
}

BOOST_AUTO_TEST_CASE(text_made_at_run_time_is_read_without_a_copy) {
  BOOST_TEST(with_input("view", R"("<${x}>")") == R"({"all":"plain|<value of x>|5|7|0.5|true||-|a|b|k=v|slow|"})");
}

BOOST_AUTO_TEST_CASE(a_number_that_its_member_cannot_hold_is_refused) {
  BOOST_TEST(ended("params", R"({"small": 256})") ==
             "invalid_parameter: node \"n\": parameter \"small\": expected an integer, got 256" + kPlace);
  BOOST_TEST(ended("params", R"({"small": -1})") ==
             "invalid_parameter: node \"n\": parameter \"small\": expected an integer, got -1" + kPlace);
}

BOOST_AUTO_TEST_CASE(an_item_of_another_type_is_refused) {
  BOOST_TEST(ended("params", R"({"list": ["a", 1]})") ==
             "invalid_parameter: node \"n\": parameter \"list\": expected an array of strings, got an array" + kPlace);
  BOOST_TEST(
      ended("params", R"({"names": {"a": 1}})") ==
      "invalid_parameter: node \"n\": parameter \"names\": expected an object with string values, got an object" +
          kPlace);
}

BOOST_AUTO_TEST_CASE(what_is_thrown_becomes_an_error_of_the_call) {
  BOOST_TEST(failing("failure") == "too_fast: node \"n\": slow down" + kPlace);
  BOOST_TEST(failing("outcome") == "returned: node \"n\": returned, not thrown" + kPlace);
  BOOST_TEST(failing("ok_status") == "internal: node \"n\": a failure that says OK" + kPlace);
  BOOST_TEST(failing("exception") == "internal: node \"n\": index 7 of 3" + kPlace);
  BOOST_TEST(failing("memory") == "out_of_memory: node \"n\": the plugin ran out of memory" + kPlace);
  BOOST_TEST(failing("int") == "internal: node \"n\": the plugin threw something that is no std::exception" + kPlace);
}

BOOST_AUTO_TEST_CASE(a_failure_keeps_its_details_and_what_was_written_before) {
  BOOST_TEST(
      run("fails", R"({"how": "failure"})").outputs ==
      R"({"before":"written","error":{"code":"too_fast","message":"slow down","retryable":true,"origin_code":429,)"
      R"("detail":{"limit":3}}})");
}

BOOST_AUTO_TEST_CASE(a_retryable_failure_is_tried_again_as_the_workflow_says) {
  RunSetup setup;
  setup.more_of_node = R"(, "retry": {"max_attempts": 3})";
  const Ran ran = run("fails", R"({"how": "failure"})", setup);
  BOOST_TEST(ended(ran) == "too_fast: node \"n\": slow down" + kPlace);
}

BOOST_AUTO_TEST_CASE(misuse_is_told_by_name) {
  BOOST_TEST(failing("nan") == "invalid_number: node \"n\": NaN and infinity cannot be stored" + kPlace);
  BOOST_TEST(failing("json") == "invalid_json: node \"n\": the plugin wrote malformed JSON" + kPlace);
  BOOST_TEST(failing("type") == "wrong_type: node \"n\": expected an integer, got a string" + kPlace);
  BOOST_TEST(failing("secret") == "no_secrets: node \"n\": this host does not lend keys to plugins" + kPlace);
  BOOST_TEST(failing("key") ==
             "plugin_misbehaved: node \"n\": its plugin sdk_layer.pflow.so wrote the reserved key \"__mine\"" + kPlace +
                 "\nThis is a defect of the plugin: tell its author.");
  BOOST_TEST(
      failing("action") ==
      "plugin_misbehaved: node \"n\": its plugin sdk_layer.pflow.so ended with the action \"sideways\", which its "
      "descriptor does not list" +
          kPlace + "\nThis is a defect of the plugin: tell its author.");
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_written) {
  BOOST_TEST(
      ended("writes") ==
      R"({"bool":true,"int":-7,"uint":18446744073709551615,"double":0.25,"text":"café","not_text":{"$base64":"Y2Fm6Q=="},)"
      R"("bytes":{"$base64":"YWJj"},"json":{"b":[1,{"a":null}],"a":2},"buffer":"piece piece piece ",)"
      R"("walked":"x:an array an integer a number a string a boolean null y:an object ",)"
      R"("info":"n test 1 1 -1 unlimited","absent":"not there"})");
}

BOOST_AUTO_TEST_CASE(three_steps_read_work_and_write) {
  BOOST_TEST(run("steps", R"({"number": 3})").outputs == R"({"twice":6})");
  RunSetup setup;
  setup.more_of_document = R"(, "edges": [{"from": "n", "to": "n", "action": "error"}])";
  BOOST_TEST(ended(run("steps", R"({"number": 6})", setup)) ==
             "no_edge: node \"n\": it ended with the action \"large\", and no edge is for that" + kPlace +
                 "\nActions with an edge: error.");
  BOOST_TEST(ended("steps", R"({"number": 13})") == "internal: node \"n\": not this one" + kPlace);
}

BOOST_AUTO_TEST_CASE(an_asynchronous_call_ends_where_its_completion_goes) {
  BOOST_TEST(async("at_once") == "{}");
  BOOST_TEST(async("writes") == R"({"out":"its own"})");
  BOOST_TEST(async("twice") == "{}");
  BOOST_TEST(async("fails") == "later: node \"n\": it failed later" + kPlace);
  BOOST_TEST(async("throws") == "internal: node \"n\": thrown later" + kPlace);
}

BOOST_AUTO_TEST_CASE(a_completion_that_is_dropped_fails_its_call) {
  const std::string dropped = "call_dropped: node \"n\": plugin dropped the call without finishing it" + kPlace;
  BOOST_TEST(async("drops") == dropped);
  BOOST_TEST(async("throws_here") == dropped);
}

BOOST_AUTO_TEST_CASE(an_asynchronous_call_can_be_asked_to_stop) {
  RunSetup setup;
  setup.more_of_node = R"(, "timeout_ms": 40)";
  setup.grace = std::chrono::seconds(20);
  const Ran ran = run("async", R"({"how": "waits"})", setup);
  BOOST_TEST(ran.result.abandoned == 0U);
  BOOST_TEST(ended(ran) == "timeout: node \"n\": it did not end within 40 ms" + kPlace +
                               "\nRaise the node's timeout_ms if it needs longer.");
}

BOOST_AUTO_TEST_CASE(a_class_with_members_keeps_them_between_the_calls_of_its_node) {
  RunSetup setup;
  setup.more_of_document = R"(, "edges": [{"from": "n", "to": "n", "action": "again"}])";
  const Ran ran = run("counter", R"({"start": 2})", setup);
  BOOST_TEST(ran.outputs == R"({"count":5})");
  BOOST_TEST(ran.result.calls == 3U);
}

BOOST_AUTO_TEST_CASE(a_constructor_that_throws_fails_the_call) {
  BOOST_TEST(ended("counter", R"({"start": -5})") ==
             "negative: node \"n\": its plugin sdk_layer.pflow.so could not make it: start must not be negative" +
                 kPlace);
}

BOOST_AUTO_TEST_CASE(what_a_call_tells_reaches_who_listens) {
  const Ran ran = run("tells");
  BOOST_TEST(ended(ran) == "{}");
  BOOST_TEST(
      ran.told->words() == (std::vector<std::string>{"log 9 bytes, fields 8 bytes: a warning", "chunk text 5 bytes",
                                                     R"(emitted progress {"done":1})", "usage n tiny 3+-1"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
