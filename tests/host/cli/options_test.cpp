#include "host/cli/options.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

using Words = std::vector<std::string>;

Options parsed(const Words& arguments) {
  Problems problems;
  Options options = parse_command_line(arguments, problems);
  for (const Error& e : problems)
    BOOST_ERROR(e.message);
  return options;
}

Error refused(const Words& arguments) {
  Problems problems;
  static_cast<void>(parse_command_line(arguments, problems));
  BOOST_REQUIRE_EQUAL(problems.size(), 1U);
  BOOST_TEST((problems.front().code == Code::kUsage));
  return problems.front();
}

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(options_may_stand_before_and_after_words) {
  const Options o = parsed({"-q", "run", "--output-format", "json", "a.json", "x=1", "-o", "text", "y=-2"});
  BOOST_TEST(o.command == "run");
  BOOST_TEST((o.words == Words{"a.json", "x=1", "y=-2"}));
  BOOST_TEST((o.format == OutputFormat::kJson));
  BOOST_TEST(o.output_key.value() == "text");
  BOOST_TEST(o.verbosity == -1);
}

BOOST_AUTO_TEST_CASE(two_dashes_end_the_options) {
  const Options o = parsed({"run", "a.json", "--", "--input=1"});
  BOOST_TEST((o.words == Words{"a.json", "--input=1"}));
}

BOOST_AUTO_TEST_CASE(v_counts) {
  BOOST_TEST(parsed({"run", "a", "-v"}).verbosity == 1);
  BOOST_TEST(parsed({"run", "a", "-vv"}).verbosity == 2);
  BOOST_TEST(parsed({"-v", "run", "a"}).words.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_option_that_the_command_does_not_take_is_refused) {
  const Error e = refused({"validate", "a.json", "--timeout", "3"});
  BOOST_TEST(e.message == "\"validate\" has no option --timeout");
}

BOOST_AUTO_TEST_CASE(an_option_is_not_guessed_from_its_beginning) {
  const Error e = refused({"run", "a.json", "--output-form", "json"});
  BOOST_TEST(e.hint.starts_with("Did you mean \"--output-format\"?"));
}

BOOST_AUTO_TEST_CASE(the_format_is_known_even_when_the_rest_is_wrong) {
  Problems problems;
  const Options o = parse_command_line({"run", "--output-format", "json", "--timeout", "never", "a"}, problems);
  BOOST_TEST((o.format == OutputFormat::kJson));
  BOOST_TEST(problems.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_timeout_is_above_zero_and_finite) {
  for (const std::string wrong : {"0", "-1", "inf", "nan", "1e300", "5s"}) {
    BOOST_TEST(refused({"run", "a", "--timeout=" + wrong})
                   .message.starts_with("--timeout must be a number of seconds above 0, and at most a year"));
  }
}

BOOST_AUTO_TEST_CASE(numbers_of_traces_are_whole) {
  const Options o = parsed({"trace", "show", "latest", "--node", "a", "--event", "12"});
  BOOST_TEST(o.trace_node.value() == "a");
  BOOST_TEST(o.trace_event.value() == 12U);
  BOOST_TEST(parsed({"trace", "prune", "--keep=0"}).trace_keep.value() == 0U);
  for (const std::string wrong : {"", "-1", "1.5", "1x", "99999999999999999999"})
    BOOST_TEST(refused({"trace", "prune", "--keep=" + wrong}).message.ends_with("\"" + wrong + "\"") == !wrong.empty());
}

BOOST_AUTO_TEST_CASE(no_command_is_told_how_to_begin) {
  BOOST_TEST(refused({}).message == "no command given");
}

BOOST_AUTO_TEST_CASE(the_help_of_each_command_begins_with_its_usage) {
  for (const CommandInfo& c : commands()) {
    BOOST_TEST(help_text(c.name).starts_with("Usage: pflow-host " + std::string(c.usage)));
    BOOST_TEST(help_text("").find(c.usage) != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
