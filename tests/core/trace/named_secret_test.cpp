#include "core/trace/named_secret.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(named_secret)

// The text with each secret in square brackets, behind its name.
std::string marked(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  NamedSecrets secrets(text);
  while (const std::optional<NamedSecret> s = secrets.next()) {
    out.append(text, done, s->begin - done).append("[").append(s->name).append("]");
    done = s->end;
  }
  return out.append(text.substr(done));
}

using Cases = std::vector<std::pair<std::string_view, std::string_view>>;

void check(const Cases& cases) {
  for (const auto& [text, expected] : cases)
    BOOST_TEST(marked(text) == expected);
}

BOOST_AUTO_TEST_CASE(a_query_shows_no_keys_tokens_signatures_and_passwords) {
  check({{"https://h/p?key=abc", "https://h/p?key=[key]"},
         {"https://h/p?q=1&api_key=abc&r=2", "https://h/p?q=1&api_key=[api_key]&r=2"},
         {"GET /?token=a HTTP/1.1", "GET /?token=[token] HTTP/1.1"},
         {"h?access_token=a#top", "h?access_token=[access_token]#top"},
         {"<a href=\"h?sig=a%2Bb\">", "<a href=\"h?sig=[sig]\">"},
         {"h?signature=a&password=b&secret=c", "h?signature=[signature]&password=[password]&secret=[secret]"},
         {"h?X-Amz-Signature=abc", "h?X-Amz-Signature=[X-Amz-Signature]"},
         {"h#access_token=abc", "h#access_token=[access_token]"},
         {"h?KEY=abc", "h?KEY=[KEY]"}});
}

BOOST_AUTO_TEST_CASE(an_assignment_shows_no_value_of_a_secret_name) {
  check({{"API_KEY=abc cmd", "API_KEY=[API_KEY] cmd"},
         {"export client-secret='a b' x", "export client-secret='[client-secret]' x"},
         {"password=\"a b\"", "password=\"[password]\""},
         {"host=h password=abc", "host=h password=[password]"}});
}

BOOST_AUTO_TEST_CASE(a_credential_header_shows_its_scheme_alone) {
  check({{"Authorization: Bearer abc", "Authorization: Bearer [Authorization]"},
         {"authorization:abc", "authorization:[authorization]"},
         {"curl -H \"Authorization: Basic QTpi\" h", "curl -H \"Authorization: Basic [Authorization]\" h"},
         {"curl -H 'Cookie: a=b; c=d' h", "curl -H 'Cookie: [Cookie]' h"},
         {"Proxy-Authorization: Basic abc\r\nHost: h", "Proxy-Authorization: Basic [Proxy-Authorization]\r\nHost: h"},
         {"x-api-key: abc, def", "x-api-key: [x-api-key], def"}});
}

BOOST_AUTO_TEST_CASE(json_inside_a_text_shows_no_value_of_a_secret_name) {
  check({{R"({"access_token":"abc","n":1})", R"({"access_token":"[access_token]","n":1})"},
         {R"({"password" : "a"})", R"({"password" : "a"})"},
         {R"({"password": "a\"b", "x": 2})", R"({"password": "[password]", "x": 2})"},
         {R"("{\"password\":\"a\\\"b\",\"x\":2}")", R"("{\"password\":\"[password]\",\"x\":2}")"},
         {R"({'password': 'a'})", R"({'password': '[password]'})"},
         {R"({"password":12})", R"({"password":12})"}});
}

BOOST_AUTO_TEST_CASE(what_is_no_secret_stays) {
  for (const std::string_view text : {"",
                                      "=",
                                      ":",
                                      "a=b",
                                      "key=lambda x: x",
                                      "max(xs, key=len)",
                                      "the password: must be long",
                                      "password == x",
                                      "password=",
                                      "h?key=",
                                      "h?key=&q=1",
                                      "h?monkey=1",
                                      "https://host:80/",
                                      "12:30:45",
                                      "token::next",
                                      "h?key=${secrets.key}",
                                      "password=$(pass show x)",
                                      "Authorization: Bearer ${token}",
                                      "Authorization:",
                                      "h?key=<redacted:key>",
                                      R"({"password":"<redacted:x>"})",
                                      R"({"input_tokens":"12"})",
                                      R"({"n":":"})",
                                      "\":",
                                      "\\\":",
                                      "'='"}) {
    BOOST_TEST(marked(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(a_text_full_of_what_may_be_a_name_takes_linear_time) {
  std::string names(2'000'000, 'n');
  for (std::size_t i = 0; i < names.size(); i += 2)
    names[i] = i % 4 == 0 ? ':' : '=';
  BOOST_TEST(marked(names) == names);
  std::string quotes;
  for (int i = 0; i < 300'000; ++i)
    quotes += "\"token\":\"v";
  BOOST_TEST(marked(quotes).size() > quotes.size());
  BOOST_TEST(marked(std::string(1'000'000, 'y') + "=x").size() == 1'000'002u);
}

BOOST_AUTO_TEST_CASE(a_mark_holds_nothing_that_needs_an_escape) {
  std::string mark;
  append_redaction_mark("x-api.key \"\n>\xC3\xBC", mark);
  BOOST_TEST(mark == "<redacted:x-api.key______>");
  mark.clear();
  append_redaction_mark(std::string(1000, 'a'), mark);
  BOOST_TEST(mark.size() < 100u);
}

BOOST_AUTO_TEST_CASE(names_of_secrets_are_known_and_those_of_counts_are_not) {
  for (const std::string_view name : {"Authorization", "X-API-Key", "api_key", "password", "refresh_token", "secret"})
    BOOST_TEST(names_secret(name), name);
  for (const std::string_view name : {"", "input_tokens", "url", "text", "keyboard"})
    BOOST_TEST(!names_secret(name), name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
