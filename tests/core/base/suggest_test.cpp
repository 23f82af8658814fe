#include "core/base/suggest.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(suggest)

const std::vector<std::string_view> kNames{"response", "status", "url", "message"};

BOOST_AUTO_TEST_CASE(a_letter_missing_too_many_wrong_or_swapped_is_near) {
  for (const std::string_view wrong : {"respnse", "responsse", "responce", "repsonse", "RESPONSE"})
    BOOST_TEST(nearest(wrong, kNames) == "response", wrong);
}

BOOST_AUTO_TEST_CASE(more_than_a_third_of_the_letters_wrong_is_not_near) {
  BOOST_TEST(nearest("massive", kNames) == "");
  BOOST_TEST(nearest("request", kNames) == "");
  BOOST_TEST(nearest("xyz", kNames) == "");
}

BOOST_AUTO_TEST_CASE(the_beginning_of_a_name_is_near_to_it_from_three_letters_on) {
  BOOST_TEST(nearest("mes", kNames) == "message");
  BOOST_TEST(nearest("status_code", kNames) == "status");
  BOOST_TEST(nearest("me", kNames) == "");
}

BOOST_AUTO_TEST_CASE(a_short_name_may_have_one_letter_wrong_but_not_all) {
  BOOST_TEST(nearest("uri", kNames) == "url");
  BOOST_TEST(nearest("b", {"a"}) == "");
  BOOST_TEST(nearest("ab", {"a"}) == "a");
}

BOOST_AUTO_TEST_CASE(of_two_the_nearer_one_is_named_and_of_equals_the_first) {
  BOOST_TEST(nearest("fetch2", {"fetcher", "fetch1"}) == "fetch1");
  BOOST_TEST(nearest("fetch3", {"fetch2", "fetch1"}) == "fetch2");
}

BOOST_AUTO_TEST_CASE(nothing_is_near_to_an_empty_or_an_endless_name) {
  const std::string endless(129, 'a');
  const std::string longest(128, 'a');
  BOOST_TEST(nearest("", {"a"}) == "");
  BOOST_TEST(nearest("a", {""}) == "");
  BOOST_TEST(nearest("a", {}) == "");
  BOOST_TEST(nearest(endless, {endless}) == "");
  BOOST_TEST(nearest(longest, {longest}) == longest);
  BOOST_TEST(nearest(longest, {endless}) == "");
}

BOOST_AUTO_TEST_CASE(a_listing_is_cut_at_its_limit) {
  BOOST_TEST(listing({}) == "none");
  BOOST_TEST(listing({"a"}) == "a");
  BOOST_TEST(listing({"a", "b", "c"}, 3) == "a, b, c");
  BOOST_TEST(listing({"a", "b", "c"}, 2) == "a, b, and 1 more");
}

BOOST_AUTO_TEST_CASE(twenty_names_are_listed_unless_told_otherwise) {
  std::vector<std::string_view> names(21, "n");
  BOOST_TEST(listing(names).ends_with(", and 1 more"));
  names.pop_back();
  BOOST_TEST(listing(names).ends_with(", n"));
}

BOOST_AUTO_TEST_CASE(a_hint_begins_with_the_guess_when_there_is_one) {
  BOOST_TEST(did_you_mean("ulr", kNames, "Keys") == "Did you mean \"url\"? Keys: response, status, url, message.");
  BOOST_TEST(did_you_mean("zzz", kNames, "Keys") == "Keys: response, status, url, message.");
  BOOST_TEST(did_you_mean("zzz", {}, "Keys") == "Keys: none.");
}

BOOST_AUTO_TEST_CASE(a_document_gets_its_first_guesses_only) {
  const std::vector<std::string_view> names(Suggestions::kMaxComparisons / 2, "name");
  Suggestions suggestions(names);
  const std::string list = "Names: " + listing(names) + ".";
  BOOST_TEST(suggestions.did_you_mean("nmae", "Names") == "Did you mean \"name\"? " + list);
  BOOST_TEST(suggestions.did_you_mean("nmae", "Names") == "Did you mean \"name\"? " + list);
  BOOST_TEST(suggestions.did_you_mean("nmae", "Names") == list);
}

BOOST_AUTO_TEST_CASE(names_to_guess_from_are_added_in_turn) {
  Suggestions suggestions;
  BOOST_TEST(suggestions.did_you_mean("url", "Keys") == "Keys: none.");
  suggestions.add("uri");
  BOOST_TEST(suggestions.did_you_mean("url", "Keys") == "Did you mean \"uri\"? Keys: uri.");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
