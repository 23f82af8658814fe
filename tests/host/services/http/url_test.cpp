#include "host/services/http/url.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

HttpUrl parsed(std::string_view text) {
  std::string fault;
  const std::optional<HttpUrl> url = parse_url(text, fault);
  BOOST_REQUIRE_MESSAGE(url, fault);
  return *url;
}

std::string followed(std::string_view from, std::string_view location) {
  std::string fault;
  const std::optional<HttpUrl> to = follow_url(parsed(from), location, fault);
  return to ? to->full : fault;
}

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(its_parts_are_told_apart) {
  const HttpUrl u = parsed("HTTPS://me:p%3Aw@Example.ORG/a/b?q=1#part");
  BOOST_TEST(u.full == "https://Example.ORG/a/b?q=1");
  BOOST_TEST(u.shown == "https://example.org/a/b");
  BOOST_TEST(u.origin == "https://example.org:443");
  BOOST_TEST(u.place == "example.org:443");
  BOOST_TEST(u.user == "me");
  BOOST_TEST(u.password == "p:w");
  BOOST_TEST(u.has_credentials);
  BOOST_TEST(u.https);
}

BOOST_AUTO_TEST_CASE(a_port_of_its_own_is_shown_and_the_usual_one_is_not) {
  BOOST_TEST(parsed("http://h:8080").shown == "http://h:8080/");
  BOOST_TEST(parsed("http://h:80/x").shown == "http://h/x");
  BOOST_TEST(parsed("http://h").origin == parsed("http://H:80/y").origin);
  BOOST_TEST(parsed("http://[::1]:81/").place == "[::1]:81");
}

BOOST_AUTO_TEST_CASE(what_may_not_be_in_an_address_is_escaped) {
  BOOST_TEST(parsed("http://h/a b?c d").full == "http://h/a%20b?c+d");
  BOOST_TEST(parsed("http://h/\xc3\xa9").full == "http://h/%c3%a9");
}

BOOST_AUTO_TEST_CASE(a_location_is_read_from_where_it_was_found) {
  BOOST_TEST(followed("http://h/a/b?x", "c") == "http://h/a/c");
  BOOST_TEST(followed("http://h/a/b?x", "/c?y") == "http://h/c?y");
  BOOST_TEST(followed("http://h/a/b?x", "?y") == "http://h/a/b?y");
  BOOST_TEST(followed("https://h/a", "//other/b") == "https://other/b");
  BOOST_TEST(followed("https://h/a", "http://h/b") == "http://h/b");
  BOOST_TEST(followed("https://h/a", "ftp://h/x") == "its scheme is \"ftp\"; http and https are supported");
}

BOOST_AUTO_TEST_CASE(credentials_follow_within_one_origin_only) {
  std::string fault;
  const HttpUrl from = parsed("https://me:pw@h/a");
  BOOST_TEST(follow_url(from, "https://h/b", fault)->user == "me");
  BOOST_TEST(follow_url(from, "https://x:y@h/b", fault)->user == "me");
  BOOST_TEST(!follow_url(from, "http://h/b", fault)->has_credentials);
  BOOST_TEST(!follow_url(from, "https://h:444/b", fault)->has_credentials);
  BOOST_TEST(!follow_url(from, "https://x:y@other/b", fault)->has_credentials);
}

BOOST_AUTO_TEST_CASE(a_memory_gives_the_same_again_and_keeps_no_faults) {
  UrlMemory memory;
  std::string fault;
  const HttpUrl* first = memory.parse("http://h/a", fault);
  BOOST_REQUIRE(first != nullptr);
  BOOST_TEST(memory.parse("http://h/a", fault) == first);
  BOOST_TEST(memory.parse("nonsense", fault) == nullptr);
  BOOST_TEST(!fault.empty());
  for (int i = 0; i < 1000; ++i)
    BOOST_TEST(memory.parse("http://h/" + std::to_string(i), fault)->full == "http://h/" + std::to_string(i));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
