#include "ecma_pattern.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::llm {
namespace {

bool found(std::string_view pattern, std::string_view text) {
  return Pattern(pattern).is_found_in(text);
}

std::string problem(std::string_view pattern) {
  try {
    static_cast<void>(Pattern(pattern));
  } catch (const PatternProblem& p) {
    return p.what;
  }
  return "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ecma_pattern)

BOOST_AUTO_TEST_CASE(characters_are_code_points) {
  BOOST_TEST(found("^.{3}$", "\xC3\xA4\xC3\xB6\xC3\xBC"));
  BOOST_TEST(!found("^.{3}$", "abcd"));
  BOOST_TEST(found("^[\xC3\xA4-\xC3\xBC]$", "\xC3\xB6"));
  BOOST_TEST(found(R"(^\u00e4\u{1F600}\uD83D\uDE00$)", "\xC3\xA4\xF0\x9F\x98\x80\xF0\x9F\x98\x80"));
  BOOST_TEST(found(R"(^\p{Script=Greek}\p{L}$)", "\xCE\xB1z"));
}

BOOST_AUTO_TEST_CASE(a_match_may_stand_anywhere_unless_it_is_anchored) {
  BOOST_TEST(found("b", "abc"));
  BOOST_TEST(!found("^b", "abc"));
  BOOST_TEST(!found("a$", "a\n"));
}

BOOST_AUTO_TEST_CASE(classes_are_those_of_ecmascript) {
  BOOST_TEST(found("^[^]$", "\n"));
  BOOST_TEST(!found("[]", "a"));
  BOOST_TEST(found(R"(^[[:a]+$)", "[:a"));
  BOOST_TEST(found(R"(^[\w.-]+@[\w-]+\.[a-z]{2,}$)", "a-b.c@d-e.org"));
  BOOST_TEST(found(R"(^[\s\S]*$)", "a\n\xC2\xA0"));
  BOOST_TEST(found(R"(^\s[\s]$)", "\xC2\xA0\v"));
  BOOST_TEST(!found(R"(\S)", "\xC2\xA0 "));
  BOOST_TEST(found(R"(^[\b]$)", "\b"));
  BOOST_TEST(!found("^.$", "\xE2\x80\xA8"));  // a line's end, as \n and \r are
  BOOST_TEST(!found("^.$", "\r"));
}

BOOST_AUTO_TEST_CASE(groups_and_escapes_are_understood) {
  BOOST_TEST(found(R"(^(?<year>\d{4})-(?:\d\d)$)", "2024-05"));
  BOOST_TEST(found(R"(^\/\-\cJ\x41\0$)", std::string_view("/-\nA\0", 5)));
  BOOST_TEST(found("^a{$", "a{"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_checked_in_bounded_time_is_said) {
  for (const std::string_view look : {"(?=a)", "(?!a)", "(?<=a)", "(?<!a)"})
    BOOST_TEST(problem(look).starts_with("look-around, "), look);
  BOOST_TEST(problem(R"((a)\1)") == "back-references, \\1, cannot be checked in bounded time");
  BOOST_TEST(problem(R"((?<n>a)\k<n>)").starts_with("back-references, "));
}

BOOST_AUTO_TEST_CASE(broken_patterns_are_told) {
  for (const std::string_view pattern : {"(", ")", "[a", "a**", "\\", "\\u12", "\\q", "\\p{Nobody}", "\\uD83D", "[b-a]",
                                         "a{1,2000}", "\\A", "\\01", "(?<n"})
    BOOST_TEST(problem(pattern) != "none", pattern);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
