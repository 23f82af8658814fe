#include "core/base/secret_forms.hpp"

#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(secret_forms)

bool has(std::string_view secret, std::string_view form) {
  const std::vector<std::string> forms = forms_of(secret);
  return std::find(forms.begin(), forms.end(), form) != forms.end();
}

BOOST_AUTO_TEST_CASE(a_plain_key_has_itself_three_places_in_base64_and_hexadecimal_digits) {
  BOOST_TEST(forms_of("hunter2") == (std::vector<std::string>{"hunter2", "aHVudGVyM", "h1bnRlcj", "odW50ZXIy",
                                                              "68756e74657232", "68756E74657232"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fewer_than_six_bytes_have_no_encodings) {
  BOOST_TEST(forms_of("12345") == std::vector<std::string>{"12345"}, boost::test_tools::per_element());
  BOOST_TEST(forms_of("1%é") ==
                 (std::vector<std::string>{"1%é", R"(1%\\u00e9)", R"(1%\u00e9)", R"(1%\\u00E9)", R"(1%\u00E9)"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(json_escapes_are_those_of_several_writers_and_of_json_within_json) {
  const std::string_view secret = "a\"b\\c\n<&>/é\b😀";
  for (const std::string_view form : {R"(a\"b\\c\n<&>/é\u0008😀)",                          // this program
                                      R"(a\\\"b\\\\c\\n<&>/é\\u0008😀)",                    // within JSON
                                      R"(a\"b\\c\n\u003c\u0026\u003e/é\u0008😀)",           // Go
                                      R"(a\"b\\c\n<&>/\u00e9\b\ud83d\ude00)",              // Python
                                      R"(a\"b\\c\n<&>/\u00E9\b\uD83D\uDE00)",              // Java
                                      R"(a\"b\\c\n<&>\/\u00e9\b\ud83d\ude00)",             // PHP
                                      R"(a\\\"b\\\\c\\n<&>/\\u00e9\\b\\ud83d\\ude00)"}) {  // Python, within JSON
    BOOST_TEST(has(secret, form), form);
  }
}

BOOST_AUTO_TEST_CASE(base64_is_known_in_both_alphabets) {
  BOOST_TEST(has("\xfb\xef\xbe\xfb\xef\xbe", "++++++++"));
  BOOST_TEST(has("\xfb\xef\xbe\xfb\xef\xbe", "--------"));
  BOOST_TEST(has("\xff\xff\xff\xff\xff\xff", "////////"));
}

BOOST_AUTO_TEST_CASE(percent_encodings_differ_in_what_they_keep_their_digits_and_the_space) {
  for (const std::string_view form :
       {"p+w%2F%C3%A9%21", "p%20w%2f%c3%a9%21", "p%20w%2F%C3%A9!", "p%20w/%C3%A9%21", "p%20w/%C3%A9!"}) {
    BOOST_TEST(has("p w/é!", form), form);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_have_no_escapes) {
  BOOST_TEST(forms_of("\xff\xfe\"\x01") == std::vector<std::string>{"\xff\xfe\"\x01"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
