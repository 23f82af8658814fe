#include "content.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::fetch {
namespace {

std::string parsed(std::string_view header) {
  const ContentType type = parse_content_type(header);
  return type.media_type + " | " + type.charset;
}

bool maybe(std::string_view header, std::string_view body) {
  return may_be_json(parse_content_type(header), body);
}

std::string head(std::string_view body, std::string_view header = "") {
  return head_of_body(parse_content_type(header), body);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(content)

BOOST_AUTO_TEST_CASE(a_content_type_is_read) {
  BOOST_TEST(parsed("") == " | ");
  BOOST_TEST(parsed("Text/HTML") == "text/html | ");
  BOOST_TEST(parsed(" text/plain ;charset=UTF-8") == "text/plain | utf-8");
  BOOST_TEST(parsed("text/plain; boundary=x; Charset = \"ISO-8859-1\" ;q=1") == "text/plain | iso-8859-1");
  BOOST_TEST(parsed("a/b; charset=x; charset=y") == "a/b | x");
  BOOST_TEST(parsed(";charset=x") == " | x");
  BOOST_TEST(parsed("a/b;") == "a/b | ");
  BOOST_TEST(parsed("a/b;;charset") == "a/b | ");
}

BOOST_AUTO_TEST_CASE(json_is_what_says_so) {
  for (const char* type : {"application/json", "APPLICATION/JSON; charset=utf-8", "text/json",
                           "application/problem+json", "application/vnd.api+json;version=1"})
    BOOST_TEST(maybe(type, "nothing like it"), type);
  for (const char* type :
       {"text/plain", "application/javascript", "application/x-ndjson", "application/jsonx", "text/html"})
    BOOST_TEST(!maybe(type, "{}"), type);
}

BOOST_AUTO_TEST_CASE(what_says_nothing_may_be_json_by_its_look) {
  BOOST_TEST(maybe("", " \r\n{\"a\": 1}"));
  BOOST_TEST(maybe("", "[1]"));
  for (const char* body : {"", "  ", "12", "\"text\"", "true", "hello {}"})
    BOOST_TEST(!maybe("", body), body);
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_no_part_of_the_json) {
  BOOST_TEST(without_mark("\xEF\xBB\xBF{}") == "{}");
  BOOST_TEST(without_mark("{}") == "{}");
  BOOST_TEST(without_mark("") == "");
}

BOOST_AUTO_TEST_CASE(the_head_of_a_body_is_one_line) {
  BOOST_TEST(head("") == "");
  BOOST_TEST(head("  no\r\n\r\n such\tthing \n") == "no such thing");
  BOOST_TEST(head(R"({"error": {"message": "no"}})", "application/json") == R"({"error": {"message": "no"}})");
}

BOOST_AUTO_TEST_CASE(a_long_head_is_cut_between_characters) {
  BOOST_TEST(head(std::string(301, 'x')) == std::string(300, 'x') + "...");
  BOOST_TEST(head(std::string(299, 'x') + "\xC3\xA4y") == std::string(299, 'x') + "\xC3\xA4...");
  BOOST_TEST(head(std::string(300, 'x')) == std::string(300, 'x'));
  const std::string mostly_space = "a" + std::string(1198, ' ') + "\xC3\xA4z";
  BOOST_TEST(head(mostly_space) == "a...");
}

BOOST_AUTO_TEST_CASE(of_bytes_and_html_only_the_size_is_told) {
  BOOST_TEST(head("\x89PNG\r\n") == "a body that is no text, of 6 bytes");
  BOOST_TEST(head("abc\xFF") == "a body that is no text, of 4 bytes");
  BOOST_TEST(head(std::string_view("ab\0c", 4)) == "a body that is no text, of 4 bytes");
  BOOST_TEST(head("\xC3") == "a body that is no text, of 1 bytes");
  BOOST_TEST(head("<!doctype html><p>Oh", "text/html; charset=utf-8") == "an HTML page of 20 bytes");
  BOOST_TEST(head("   ") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::fetch
