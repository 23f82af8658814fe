#include "core/pricing/matcher.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/core/json_literal.hpp"

namespace pflow::pricing {
namespace {

bool matches(std::string_view logic, std::string_view name) {
  const Result<Matcher> m = Matcher::read(json(logic));
  BOOST_REQUIRE_MESSAGE(m.ok(), logic);
  return m->matches(name);
}

Error refused(std::string_view logic) {
  const Result<Matcher> m = Matcher::read(json(logic));
  BOOST_REQUIRE(!m.ok());
  return m.error();
}

BOOST_AUTO_TEST_SUITE(matcher)

BOOST_AUTO_TEST_CASE(each_clause_means_its_word) {
  BOOST_TEST(matches(R"({"equals": "gpt-5"})", "gpt-5"));
  BOOST_TEST(!matches(R"({"equals": "gpt-5"})", "gpt-5-mini"));
  BOOST_TEST(matches(R"({"starts_with": "gpt-"})", "gpt-5"));
  BOOST_TEST(!matches(R"({"starts_with": "gpt-"})", "x-gpt-"));
  BOOST_TEST(matches(R"({"ends_with": "-mini"})", "gpt-5-mini"));
  BOOST_TEST(!matches(R"({"ends_with": "-mini"})", "-mini-2"));
  BOOST_TEST(matches(R"({"contains": "opus"})", "claude-opus-5"));
  BOOST_TEST(!matches(R"({"contains": "opus"})", "claude-sonnet-5"));
  BOOST_TEST(matches(R"({"regex": "4[.-]5$"})", "claude-4.5"));
  BOOST_TEST(!matches(R"({"regex": "4[.-]5$"})", "claude-4.5x"));
}

BOOST_AUTO_TEST_CASE(letter_case_counts) {
  BOOST_TEST(!matches(R"({"equals": "gpt-5"})", "GPT-5"));
}

BOOST_AUTO_TEST_CASE(or_needs_one_and_needs_all) {
  constexpr std::string_view kEither = R"({"or": [{"equals": "a"}, {"and": [{"contains": "b"}, {"contains": "c"}]}]})";
  BOOST_TEST(matches(kEither, "a"));
  BOOST_TEST(matches(kEither, "bc"));
  BOOST_TEST(!matches(kEither, "b"));
  BOOST_TEST(!matches(R"({"or": []})", "a"));
  BOOST_TEST(matches(R"({"and": []})", "a"));
}

BOOST_AUTO_TEST_CASE(equal_to_is_exact) {
  BOOST_TEST(Matcher::equal_to("m").matches("m"));
  BOOST_TEST(!Matcher::equal_to("m").matches("mm"));
}

BOOST_AUTO_TEST_CASE(a_name_of_more_than_512_bytes_matches_nothing) {
  BOOST_TEST(matches(R"({"starts_with": "a"})", std::string(512, 'a')));
  BOOST_TEST(!matches(R"({"starts_with": "a"})", std::string(513, 'a')));
  BOOST_TEST(!matches(R"({"regex": "(a+)+$"})", std::string(100'000, 'a')));
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_regular_expression_matches_nothing_and_is_told_when_compiled) {
  const Result<Matcher> m = Matcher::read(json(R"({"or": [{"regex": "("}]})"));
  BOOST_REQUIRE(m.ok());
  BOOST_TEST(!m->matches("("));
  const Result<void> compiled = m->compile();
  BOOST_REQUIRE(!compiled.ok());
  BOOST_TEST(compiled.error().message == "\"(\" is no regular expression");
}

BOOST_AUTO_TEST_CASE(a_wrong_match_says_what_and_where) {
  BOOST_TEST(refused("[]").message == "a match must be an object");
  BOOST_TEST(refused("{}").message == "a match needs equals, starts_with, ends_with, contains, regex, or, and");
  BOOST_TEST(refused(R"({"equals": 1})").where == "equals");
  const Error e = refused(R"({"or": [{"equals": "a"}, {"and": {}}]})");
  BOOST_TEST(e.where == "or/1/and");
  BOOST_TEST(e.message == "it must be a list of matches");
}

BOOST_AUTO_TEST_CASE(nesting_has_a_limit) {
  std::string deep = R"({"equals": "a"})";
  for (int i = 0; i < 20; ++i)
    deep = R"({"or": [)" + deep + "]}";
  BOOST_TEST((refused(deep).code == Code::kTooDeep));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::pricing
