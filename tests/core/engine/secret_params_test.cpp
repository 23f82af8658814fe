#include "core/engine/secret_params.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(secret_params)

// "name=value " for each secret that was visited.
struct Visited {
  std::string text;
  SecretVisitor visit = [this](std::string_view name, const Value& value) {
    text.append(name).append("=").append(to_json(value)).append(" ");
  };
};

std::string written(std::string_view name, std::string_view value) {
  Visited v;
  visit_written_secrets(name, json(value), v.visit);
  return v.text;
}

// What filling the template in brings, or "never asked" when it is known that it brings nothing.
std::string filled(std::string_view name, std::string_view source, std::string_view value) {
  const ParamTemplate t = ParamTemplate::parse(json(source));
  if (!may_bring_secrets(name, t)) return "never asked";
  Visited v;
  visit_filled_secrets(name, t, json(value), v.visit);
  return v.text;
}

BOOST_AUTO_TEST_CASE(members_that_are_named_like_secrets_are_secret) {
  BOOST_TEST(written("headers", R"({"Authorization": "Bearer abcdefgh", "Accept": "application/json"})") ==
             R"(Authorization="Bearer abcdefgh" )");
  BOOST_TEST(
      written("body", R"({"user": {"password": "12345678", "id": "123456789"}, "pins": [{"api_key": 12345678}]})") ==
      R"(password="12345678" api_key=12345678 )");
  BOOST_TEST(written("cookie", R"(["session=1234", "x=1"])") == R"(cookie="session=1234" )");
  BOOST_TEST(written("message", R"("12345678")") == "");
}

BOOST_AUTO_TEST_CASE(in_env_the_names_of_variables_count_and_nowhere_else) {
  BOOST_TEST(written("env", R"({"MY_KEY": "12345678", "API_KEY": "abcdefgh", "LANG": "de_DE.UTF-8"})") ==
             R"(MY_KEY="12345678" API_KEY="abcdefgh" )");
  BOOST_TEST(written("data", R"({"MY_KEY": "12345678"})") == "");
}

BOOST_AUTO_TEST_CASE(short_values_flags_and_templates_are_passed_over) {
  BOOST_TEST(written("env", R"({"A_KEY": "1234567", "B_KEY": true, "C_KEY": null, "D_KEY": 1234567})") == "");
  BOOST_TEST(written("env", R"({"A_KEY": "${key.stdout}", "B_KEY": "Bearer ${key}", "C_KEY": "$${no template}"})") ==
             R"(C_KEY="$${no template}" )");
}

BOOST_AUTO_TEST_CASE(urls_bring_secrets_in_their_queries_and_before_their_hosts) {
  BOOST_TEST(written("url", R"("https://x.org/a?page=12345678&key=abcdefgh&sig=ABCDEFGH#key=unseen12")") ==
             R"(key="abcdefgh" sig="ABCDEFGH" )");
  BOOST_TEST(
      written("command", R"("psql postgres://me:pass:word@db/x -c 'select 1'; curl 'http://h?api_key=12345678'")") ==
      R"(password="pass:word" api_key="12345678" )");
  BOOST_TEST(written("url", R"("https://x.org/?key=1234567&monkey=12345678&key")") == "");
  BOOST_TEST(written("url", R"("mailto:me@x.org :// ://? ://?= ://:@ https://me@x.org:80/")") == "");
}

BOOST_AUTO_TEST_CASE(what_a_template_brings_is_secret_by_the_name_of_its_place) {
  BOOST_TEST(filled("headers", R"({"Authorization": "Bearer ${k}", "X": "${k}", "Cookie": "constant"})",
                    R"({"Authorization": "Bearer abcdefgh", "X": "abcdefgh", "Cookie": "constant"})") ==
             R"(Authorization="Bearer abcdefgh" )");
  BOOST_TEST(filled("env", R"({"MY_KEY": "${k}"})", R"({"MY_KEY": "abcdefgh"})") == R"(MY_KEY="abcdefgh" )");
  BOOST_TEST(filled("api_key", R"("${k}")", R"("abcdefgh")") == R"(api_key="abcdefgh" )");
  BOOST_TEST(filled("body", R"([{"password": "${k}"}])", R"([{"password": ["abcdefgh", "short"]}])") ==
             R"(password="abcdefgh" )");
  BOOST_TEST(filled("url", R"("https://h/?key=${k}")", R"("https://h/?key=abcdefgh")") == R"(key="abcdefgh" )");
}

BOOST_AUTO_TEST_CASE(whole_headers_and_variables_are_looked_through_when_they_are_known) {
  BOOST_TEST(filled("headers", R"("${h}")", R"({"x-api-key": "abcdefgh", "Accept": "text/html"})") ==
             R"(x-api-key="abcdefgh" )");
  BOOST_TEST(filled("env", R"("${e}")", R"({"MY_KEY": "${abcdefgh}"})") == R"(MY_KEY="${abcdefgh}" )");
}

BOOST_AUTO_TEST_CASE(parameters_that_bring_no_secret_are_never_looked_at) {
  BOOST_TEST(filled("message", R"("${k}")", R"("abcdefgh")") == "never asked");
  BOOST_TEST(filled("headers", R"({"Authorization": "Bearer constant", "X": "${k}"})", "{}") == "never asked");
  BOOST_TEST(filled("url", R"("https://h/?page=${k}")", R"("")") == "never asked");
}

BOOST_AUTO_TEST_CASE(a_reference_that_led_nowhere_is_no_secret) {
  BOOST_TEST(filled("api_key", R"("${k.stdout}")", R"("${k.stdout}")") == "");
}

BOOST_AUTO_TEST_CASE(what_has_another_shape_than_its_template_is_passed_over) {
  BOOST_TEST(filled("body", R"({"password": "${k}"})", R"("text")") == "");
  BOOST_TEST(filled("body", R"([{"password": "${k}"}])", R"([])") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
