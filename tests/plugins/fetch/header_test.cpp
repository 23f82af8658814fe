#include "header.hpp"

#include <boost/test/unit_test.hpp>

#include <pflow/node.hpp>

namespace pflow::fetch {
namespace {

std::string refusal(std::string_view name, std::string_view value) {
  RequestHeaders headers;
  try {
    headers.add("headers", name, value);
    return "accepted";
  } catch (const sdk::Failure& failure) {
    BOOST_TEST(failure.code == "invalid_parameter");
    return failure.message;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(header)

BOOST_AUTO_TEST_CASE(a_name_is_a_token) {
  BOOST_TEST(is_token("X-a_1!#$%&'*+.^`|~"));
  for (const char* text : {"", "a b", "a:", "a\n", "\xC3\xA4", "a(b)", "a/b"})
    BOOST_TEST(!is_token(text), text);
  BOOST_TEST(refusal("X Y", "1") == "parameter \"headers\": \"X Y\" cannot be the name of a header");
  BOOST_TEST(refusal("", "1") == "parameter \"headers\": \"\" cannot be the name of a header");
}

BOOST_AUTO_TEST_CASE(a_value_holds_no_line_break_and_is_not_shown) {
  const std::string told =
      "parameter \"headers\": the value of the header \"X\" holds a line break or another control character; a file "
      "that "
      "it was read from may end with one";
  BOOST_TEST(refusal("X", "secret\n") == told);
  BOOST_TEST(refusal("X", "a\r\nEvil: 1") == told);
  BOOST_TEST(refusal("X", std::string_view("a\0b", 3)) == told);
  BOOST_TEST(refusal("X", "a\tb \xC3\xA4") == "accepted");
  BOOST_TEST(refusal("X", "") == "accepted");
}

BOOST_AUTO_TEST_CASE(what_frames_the_message_is_not_the_users) {
  BOOST_TEST(refusal("Content-length", "3") ==
             "parameter \"headers\": \"Content-length\" is written by pflow itself; leave it out");
  BOOST_TEST(refusal("TRANSFER-ENCODING", "chunked") ==
             "parameter \"headers\": \"TRANSFER-ENCODING\" is written by pflow itself; leave it out");
}

BOOST_AUTO_TEST_CASE(a_header_is_found_in_any_letter_case) {
  RequestHeaders headers;
  headers.add("headers", "Content-Type", "a/b");
  BOOST_TEST(headers.has("content-type"));
  BOOST_TEST(!headers.has("content-typ"));
  BOOST_TEST(headers.all().at(0).name == "Content-Type");
}

BOOST_AUTO_TEST_CASE(headers_of_one_name_are_joined_but_cookies_are_a_list) {
  ResponseHeaders headers;
  headers.add("Vary", "a");
  headers.add("Set-Cookie", "x=1, 2");
  headers.add("VARY", "b");
  headers.add("set-cookie", "y=\"3\"");
  headers.add("Empty", "");
  BOOST_TEST(headers.json() == R"({"vary":"a, b","set-cookie":["x=1, 2","y=\"3\""],"empty":""})");
  BOOST_TEST(headers.get("vary") == "a, b");
  BOOST_TEST(headers.get("none") == "");
  ResponseHeaders one;
  one.add("Set-Cookie", "z=1");
  BOOST_TEST(one.json() == R"({"set-cookie":["z=1"]})");
  BOOST_TEST(ResponseHeaders().json() == "{}");
}

BOOST_AUTO_TEST_CASE(a_header_that_is_not_utf_8_is_read_as_windows_1252) {
  ResponseHeaders headers;
  headers.add("X-Name", "caf\xE9");
  headers.add("X-Utf8", "caf\xC3\xA9");
  BOOST_TEST(headers.json() == "{\"x-name\":\"caf\xC3\xA9\",\"x-utf8\":\"caf\xC3\xA9\"}");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::fetch
