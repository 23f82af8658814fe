#include "core/base/utf8.hpp"

#include <array>
#include <utility>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(utf8)

using namespace std::string_view_literals;

BOOST_AUTO_TEST_CASE(text_of_every_length_of_character_is_utf8) {
  for (const std::string_view text : {""sv, "a"sv, "\0"sv, "\x7F"sv, "\u0080"sv, "\u07FF"sv, "\u0800"sv, "\uD7FF"sv,
                                      "\uE000"sv, "\uFFFF"sv, "\U00010000"sv, "\U0010FFFF"sv, "grün 日本 \U0001F600"sv})
    BOOST_TEST(is_utf8(text), text);
}

BOOST_AUTO_TEST_CASE(what_rfc_3629_forbids_is_not_utf8) {
  const std::array<std::pair<std::string_view, std::string_view>, 12> kTexts{{
      {"\x80"sv, "a continuation alone"},
      {"\xC3"sv, "two bytes, one missing"},
      {"\xE2\x82"sv, "three bytes, one missing"},
      {"\xF0\x9F\x98"sv, "four bytes, one missing"},
      {"\xC3\x28"sv, "a byte that continues nothing"},
      {"\xC0\xAF"sv, "an overlong slash"},
      {"\xE0\x80\xAF"sv, "an overlong slash of three"},
      {"\xF0\x80\x80\xAF"sv, "an overlong slash of four"},
      {"\xED\xA0\x80"sv, "a high surrogate"},
      {"\xED\xBF\xBF"sv, "a low surrogate"},
      {"\xF4\x90\x80\x80"sv, "beyond U+10FFFF"},
      {"\xFF"sv, "a byte that UTF-8 never has"},
  }};
  for (const auto& text : kTexts) {
    BOOST_TEST(!is_utf8(text.first), text.second);
    BOOST_TEST(valid_utf8_prefix(text.first) == 0u, text.second);
  }
}

BOOST_AUTO_TEST_CASE(the_valid_prefix_ends_before_the_first_wrong_byte_wherever_it_stands) {
  for (std::size_t n = 0; n < 40; ++n) {
    const std::string good(n, 'x');
    BOOST_TEST(valid_utf8_prefix(good + "\xFF" + "after this") == n);
    BOOST_TEST(valid_utf8_prefix(good + "\xC3") == n);
    BOOST_TEST(valid_utf8_prefix(good + "\u00FC") == n + 2);
  }
}

BOOST_AUTO_TEST_CASE(printable_text_is_left_as_it_is) {
  BOOST_TEST(printable("", 0) == "");
  BOOST_TEST(printable("grün", 5) == "grün");
  BOOST_TEST(printable("plain", 100) == "plain");
}

BOOST_AUTO_TEST_CASE(each_byte_that_is_not_utf8_becomes_a_replacement_character) {
  BOOST_TEST(printable("a\xFF\xFEz", 100) == "a\uFFFD\uFFFDz");
  BOOST_TEST(printable("\xE2\x82", 100) == "\uFFFD\uFFFD");
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_at_a_characters_edge_and_says_how_long_it_was) {
  BOOST_TEST(printable("abcdef", 5) == "abcde... (6 bytes)");
  BOOST_TEST(printable("grün", 4) == "grü... (5 bytes)");
  BOOST_TEST(printable("grün", 3) == "gr... (5 bytes)");
  BOOST_TEST(printable("\U0001F600\U0001F600", 7) == "\U0001F600... (8 bytes)");
  BOOST_TEST(printable("a", 0) == "... (1 bytes)");
}

BOOST_AUTO_TEST_CASE(a_replacement_that_does_not_fit_is_cut_too) {
  BOOST_TEST(printable("ab\xFF", 5) == "ab\uFFFD");
  BOOST_TEST(printable("ab\xFF", 4) == "ab... (3 bytes)");
  BOOST_TEST(printable("a\xFF"
                       "bcdef",
                       6) == "a\uFFFDbc... (7 bytes)");
}

BOOST_AUTO_TEST_CASE(what_is_printable_is_utf8_and_within_its_limit) {
  std::string text;
  for (int i = 0; i < 600; ++i)
    text += static_cast<char>((i * 73 + i / 7) % 256);
  for (std::size_t limit = 0; limit < 64; ++limit) {
    const std::string out = printable(text, limit);
    BOOST_TEST(is_utf8(out));
    BOOST_TEST(out.size() <= limit + std::string_view("... (600 bytes)").size());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
