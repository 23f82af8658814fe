#include "host/loader/plugin_node.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/bad_plugin.hpp"

namespace pflow::host {
using namespace bad;  // NOLINT(google-build-using-namespace): the words of these tests

BOOST_AUTO_TEST_SUITE(plugin_node)

BOOST_AUTO_TEST_CASE(a_correct_plugin_runs) {
  BOOST_TEST(outputs_of("good") == R"({"out":"fine"})");
}

BOOST_AUTO_TEST_CASE(completing_before_run_returns_is_fine) {
  BOOST_TEST(outputs_of("completes_inside") == R"({"out":"early"})");
}

BOOST_AUTO_TEST_CASE(a_plugin_of_a_later_minor_with_longer_structs_runs) {
  BOOST_TEST(outputs_of("type_longer") == R"({"out":"fine"})");
}

BOOST_AUTO_TEST_CASE(a_call_info_of_two_members_is_filled_no_further) {
  BOOST_TEST(outputs_of("info_short") == R"({"out":"fine"})");
}

BOOST_AUTO_TEST_CASE(null_and_nonsense_arguments_are_answered) {
  BOOST_TEST(outputs_of("nulls") == R"({"out":"fine"})");
}

BOOST_AUTO_TEST_CASE(writing_reading_and_acting_in_create_is_answered_unsupported) {
  BOOST_TEST(outputs_of("create_touches") == R"({"out":"fine"})");
}

BOOST_AUTO_TEST_CASE(an_exception_that_leaves_run_blames_the_plugin) {
  BOOST_TEST(failure_of("throws") == misbehaved("throws", "threw an exception through the ABI: index 7 of 3"));
}

BOOST_AUTO_TEST_CASE(an_exception_of_no_standard_type_blames_the_plugin) {
  BOOST_TEST(failure_of("throws_int") == misbehaved("throws_int", "threw an exception through the ABI"));
}

BOOST_AUTO_TEST_CASE(completing_twice_inside_run_blames_the_plugin) {
  BOOST_TEST(failure_of("completes_twice") == misbehaved("completes_twice", "completed a call twice"));
}

BOOST_AUTO_TEST_CASE(completing_and_then_returning_ok_blames_the_plugin) {
  BOOST_TEST(failure_of("completes_and_returns") ==
             misbehaved("completes_and_returns", "completed a call and then returned from it with another status"));
}

BOOST_AUTO_TEST_CASE(completing_with_pending_blames_the_plugin) {
  BOOST_TEST(failure_of("completes_pending") ==
             misbehaved("completes_pending", "completed a call with the status \"pending\""));
}

BOOST_AUTO_TEST_CASE(a_reserved_key_blames_the_plugin) {
  BOOST_TEST(failure_of("reserved_key") == misbehaved("reserved_key", "wrote the reserved key \"__metrics__\""));
}

BOOST_AUTO_TEST_CASE(an_output_without_a_name_blames_the_plugin) {
  BOOST_TEST(failure_of("empty_key") == misbehaved("empty_key", "wrote an output without a name"));
}

BOOST_AUTO_TEST_CASE(an_output_with_a_long_name_blames_the_plugin) {
  BOOST_TEST(failure_of("long_key") ==
             misbehaved("long_key",
                        "wrote an output whose name is too long: "
                        "\"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk... (300 bytes)\""));
}

BOOST_AUTO_TEST_CASE(an_output_whose_name_is_not_utf8_blames_the_plugin) {
  BOOST_TEST(failure_of("utf8_key") ==
             misbehaved("utf8_key", "wrote an output whose name is not UTF-8: \"caf\xEF\xBF\xBD\""));
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_blames_the_plugin_when_it_is_written) {
  BOOST_TEST(failure_of("utf8_text") ==
             misbehaved("utf8_text", "wrote no value as \"out\" (make_str: the text is not UTF-8 at byte 3)"));
}

BOOST_AUTO_TEST_CASE(writing_null_blames_the_plugin) {
  BOOST_TEST(failure_of("null_value") == misbehaved("null_value", "wrote no value as \"out\""));
}

BOOST_AUTO_TEST_CASE(writing_nan_blames_the_plugin) {
  BOOST_TEST(failure_of("nan") ==
             misbehaved("nan", "wrote no value as \"out\" (make_float: NaN and infinity are no JSON numbers)"));
}

BOOST_AUTO_TEST_CASE(nesting_without_end_blames_the_plugin) {
  BOOST_TEST(failure_of("deep") ==
             misbehaved("deep", "wrote no value as \"out\" (a value would be nested more than 512 levels deep)"));
}

BOOST_AUTO_TEST_CASE(an_output_as_deep_as_the_store_can_hold_is_kept) {
  RunSetup setup;
  setup.params = R"({"levels": 511})";
  const Ran ran = run("nested", setup);
  BOOST_TEST(!ran.result.error);
  BOOST_TEST(ran.outputs == R"({"out":)" + std::string(511, '[') + "1" + std::string(511, ']') + "}");
}

BOOST_AUTO_TEST_CASE(an_output_that_its_namespace_would_make_too_deep_blames_the_plugin) {
  RunSetup setup;
  setup.params = R"({"levels": 512})";
  BOOST_TEST(failure_of(run("nested", setup)) ==
             misbehaved("nested", "wrote a value as \"out\" that is nested more than 511 levels deep"));
}

BOOST_AUTO_TEST_CASE(an_object_with_one_key_twice_blames_the_plugin) {
  BOOST_TEST(failure_of("same_key") ==
             misbehaved("same_key", "wrote no value as \"out\" (make_object: member 1 repeats a key)"));
}

BOOST_AUTO_TEST_CASE(an_action_that_is_not_listed_blames_the_plugin) {
  BOOST_TEST(failure_of("action") ==
             misbehaved("action", "ended with the action \"retry_later\", which its descriptor does not list"));
}

BOOST_AUTO_TEST_CASE(a_positive_status_blames_the_plugin) {
  BOOST_TEST(failure_of("status_positive") ==
             misbehaved("status_positive", "returned the status 7, which does not exist"));
}

BOOST_AUTO_TEST_CASE(an_unknown_negative_status_blames_the_plugin) {
  BOOST_TEST(failure_of("status_negative") ==
             misbehaved("status_negative", "returned the status -99, which does not exist"));
}

BOOST_AUTO_TEST_CASE(an_error_with_a_small_struct_blames_the_plugin) {
  BOOST_TEST(failure_of("error_short") == misbehaved("error_short", "set an error whose struct is too small"));
}

BOOST_AUTO_TEST_CASE(usage_with_a_small_struct_blames_the_plugin) {
  BOOST_TEST(failure_of("usage_short") == misbehaved("usage_short", "reported usage with a struct that is too small"));
}

BOOST_AUTO_TEST_CASE(an_error_without_a_word_is_told_by_its_status) {
  BOOST_TEST(failure_of("silent_error") ==
             "io: node \"n\": reading or writing failed\n"
             "flow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(an_internal_error_without_a_word_is_told_by_its_status) {
  BOOST_TEST(failure_of("silent_internal") ==
             "internal: node \"n\": it failed without saying why\n"
             "flow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(the_action_error_without_a_word_is_told) {
  BOOST_TEST(failure_of("action_error") ==
             "node_failed: node \"n\": it ended with the action \"error\"\n"
             "flow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(an_error_that_is_not_utf8_is_shown_with_replacements) {
  BOOST_TEST(failure_of("utf8_error") ==
             "caf\xEF\xBF\xBD: node \"n\": the file caf\xEF\xBF\xBD is not there\n"
             "flow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(create_that_fails_is_told_with_its_reason) {
  BOOST_TEST(
      failure_of("create_fails") ==
      "no_model: node \"n\": its plugin create_fails.pflow.so could not make it: its model \"tiny\" is not there\n"
      "flow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(create_that_fails_without_a_word_is_told_by_its_status) {
  BOOST_TEST(failure_of("create_silent") ==
             "plugin_broken: node \"n\": its plugin create_silent.pflow.so could not make it: returned the status -12 "
             "and did not say why\n"
             "flow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(an_exception_that_leaves_create_blames_the_plugin) {
  BOOST_TEST(failure_of("create_throws") ==
             "plugin_broken: node \"n\": its plugin create_throws.pflow.so could not make it: threw an exception "
             "through the ABI: no room\n"
             "flow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(outputs_of_a_call_that_failed_are_kept) {
  const Ran ran = run("throws");
  BOOST_TEST(ran.outputs.starts_with(R"({"out":"written before it threw","error":{)"));
}

BOOST_AUTO_TEST_CASE(a_message_of_100_mib_is_cut) {
  const Ran ran = run("big_error");
  BOOST_REQUIRE(ran.result.error.has_value());
  BOOST_TEST(ran.result.error->message.size() < 17'000U);
  BOOST_TEST(ran.result.error->message.ends_with("aaa... (104857600 bytes)"));
  BOOST_TEST(ran.result.error->node_code.size() < 300U);
  BOOST_TEST(ran.outputs.size() < 60'000U);
}

BOOST_AUTO_TEST_CASE(a_log_line_of_100_mib_is_cut) {
  const Ran ran = run("big_log");
  BOOST_TEST(ran.outputs == R"({"out":"fine"})");
  const std::vector<std::string> words = ran.told->words();
  BOOST_REQUIRE(words.size() == 1U);
  BOOST_TEST(words[0].starts_with("log 16405 bytes, fields 16405 bytes: aaa"));
}

BOOST_AUTO_TEST_CASE(a_chunk_of_100_mib_is_handed_on_as_it_is) {
  const Ran ran = run("big_chunk");
  BOOST_TEST(ran.outputs == R"({"out":"fine"})");
  BOOST_TEST(ran.told->words() == std::vector<std::string>{"chunk text 104857600 bytes"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
