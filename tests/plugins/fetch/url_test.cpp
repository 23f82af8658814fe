#include "url.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::fetch {
namespace {

std::string normal(std::string_view text) {
  return Url(text).text();
}

std::string refusal(std::string_view text) {
  try {
    return "accepted as " + Url(text).text();
  } catch (const sdk::Failure& failure) {
    BOOST_TEST(failure.code == "invalid_parameter");
    BOOST_TEST(failure.status == PFLOW_E_INVALID);
    return failure.message;
  }
}

std::string with(std::string_view text, std::string_view name, std::string_view value) {
  Url url(text);
  url.add_query(name, value);
  return url.text();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(what_is_in_order_stays_as_it_is) {
  for (const char* text :
       {"http://a.test", "https://a.test:8443/x/y.json?q=1&r=%20#top", "http://[::1]:80/", "http://a.test/100%?a=b=c",
        "https://a.test/?x[]=1&u=http://b.test/?y", "http://a.test:/", "http://a.test?q", "http://a.test#f"}) {
    BOOST_TEST(normal(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(white_space_around_it_and_capitals_in_the_scheme_do_no_harm) {
  BOOST_TEST(normal(" \thttp://a.test/x\r\n") == "http://a.test/x");
  BOOST_TEST(normal("HTTPS://A.test/X") == "https://A.test/X");
}

BOOST_AUTO_TEST_CASE(what_a_url_cannot_hold_is_encoded) {
  BOOST_TEST(normal("http://a.test/a b/\xC3\xA4?q=x y|\"z\"#f g") ==
             "http://a.test/a%20b/%C3%A4?q=x%20y%7C%22z%22#f%20g");
}

BOOST_AUTO_TEST_CASE(credentials_are_taken_out) {
  const Url url("https://me%40x:p%3Ass%zz@a.test/x?y=@");
  BOOST_TEST(url.text() == "https://a.test/x?y=@");
  BOOST_TEST(url.credentials() == "me@x:p:ss%zz");
  BOOST_TEST(Url("http://a.test/@").credentials() == "");
}

BOOST_AUTO_TEST_CASE(a_pair_goes_behind_the_query_and_before_the_fragment) {
  BOOST_TEST(with("http://a.test", "q", "1") == "http://a.test?q=1");
  BOOST_TEST(with("http://a.test/x#f", "q", "1") == "http://a.test/x?q=1#f");
  BOOST_TEST(with("http://a.test/x?a=b#f", "q", "1") == "http://a.test/x?a=b&q=1#f");
  BOOST_TEST(with("http://a.test/x?", "q", "1") == "http://a.test/x?q=1");
  BOOST_TEST(with("http://a.test/x?a&", "q", "1") == "http://a.test/x?a&q=1");
}

BOOST_AUTO_TEST_CASE(names_and_values_of_a_pair_are_encoded) {
  BOOST_TEST(with("http://a.test/", "a b&c", "1+1=2 100% \xC3\xA4/?#'") ==
             "http://a.test/?a%20b%26c=1%2B1%3D2%20100%25%20%C3%A4%2F%3F%23%27");
  BOOST_TEST(with("http://a.test/", "-._~", std::string_view("\0\xFF", 2)) == "http://a.test/?-._~=%00%FF");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_refused) {
  BOOST_TEST(refusal("  ") == "parameter \"url\": it is empty");
  BOOST_TEST(refusal("a.test/x?key=1") == "parameter \"url\": \"a.test/x\" does not begin with http:// or https://");
  BOOST_TEST(refusal("/x?u=http://b") == "parameter \"url\": \"/x\" does not begin with http:// or https://");
  BOOST_TEST(
      refusal("file:///etc/passwd") ==
      "parameter \"url\": \"file:///etc/passwd\" is neither http nor https, which are all that this node speaks");
  BOOST_TEST(refusal("httpx://a") ==
             "parameter \"url\": \"httpx://a\" is neither http nor https, which are all that this node speaks");
  BOOST_TEST(refusal("http:///x") == "parameter \"url\": \"http:///x\" names no host");
  BOOST_TEST(refusal("http://u:p@:80/x") == "parameter \"url\": \"http://:80/x\" names no host");
  BOOST_TEST(refusal("http://a b/") ==
             "parameter \"url\": \"http://a b/\" has a character in its host that no host's name can have");
  BOOST_TEST(refusal("http://[::1/") == "parameter \"url\": \"http://[::1/\" opens a [ that it does not close");
  BOOST_TEST(refusal("http://a.test/x\ny") == "parameter \"url\": it holds a control character, such as a line break");
  for (const char* text :
       {"http://a:0", "http://a:65536", "http://a:b", "http://a:-1", "http://[::1]x", "http://a:1 2"})
    BOOST_TEST(refusal(text).ends_with("has a port that is no number from 1 to 65535"), refusal(text));
}

BOOST_AUTO_TEST_CASE(messages_show_neither_query_nor_credentials) {
  BOOST_TEST(shown_url("https://u:secret@a.test:1/x?key=secret#secret") == "https://a.test:1/x");
  BOOST_TEST(shown_url("http://a.test?key=secret/@") == "http://a.test");
  BOOST_TEST(shown_url("http://u@v:secret@a.test/@x") == "http://a.test/@x");
  BOOST_TEST(shown_url("/elsewhere?x") == "/elsewhere");
  BOOST_TEST(refusal("ftp://u:secret@a.test/?key=secret").find("secret") == std::string::npos);
  BOOST_TEST(shown_url("//u:secret@a.test/x?y") == "a.test/x");
}

BOOST_AUTO_TEST_CASE(a_refusal_shows_no_password_however_a_url_is_misspelled) {
  const auto shown = [](std::string_view text) {
    const std::string message = refusal(text);
    const std::size_t first = message.find('"', std::string_view("parameter \"url\": ").size()) + 1;
    return message.substr(first, message.find('"', first) - first);
  };
  BOOST_TEST(shown("user:hunter2secret@example.com/x?key=secret") == "example.com/x");
  BOOST_TEST(shown("http://user:hunter2/secret@127.0.0.1/") == "http://127.0.0.1/");
  BOOST_TEST(shown("http://user:hun?ter2@127.0.0.1/x") == "http://...");
  BOOST_TEST(shown("http://user:hun#ter2@127.0.0.1/x") == "http://...");
  BOOST_TEST(shown("http://user:hun@t:e/r2@127.0.0.1:x/y?secret") == "http://127.0.0.1:x/y");
  BOOST_TEST(shown("user:hun://ter2@a.test/x") == "a.test/x");
  BOOST_TEST(shown("http:/user:hunter2@a.test/x") == "a.test/x");
  BOOST_TEST(shown("http://a b/x?mail=me@secret") == "http://...");
}

BOOST_AUTO_TEST_CASE(credentials_become_a_header) {
  // The vectors of RFC 4648.
  BOOST_TEST(basic_authorization("") == "Basic ");
  BOOST_TEST(basic_authorization("f") == "Basic Zg==");
  BOOST_TEST(basic_authorization("fo") == "Basic Zm8=");
  BOOST_TEST(basic_authorization("foo") == "Basic Zm9v");
  BOOST_TEST(basic_authorization("foob") == "Basic Zm9vYg==");
  BOOST_TEST(basic_authorization("fooba") == "Basic Zm9vYmE=");
  BOOST_TEST(basic_authorization("foobar") == "Basic Zm9vYmFy");
  BOOST_TEST(basic_authorization("\xFB\xFF\xFE") == "Basic +//+");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::fetch
