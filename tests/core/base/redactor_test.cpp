#include "core/base/redactor.hpp"

#include <atomic>
#include <random>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"

namespace pflow {
namespace {

// Bytes become {"$base64": "..."} in JSON: the project's own encoder.
std::string base64(std::string_view bytes) {
  const std::string json = to_json(Value::bytes(bytes));
  const std::size_t begin = json.find(":\"") + 2;
  return json.substr(begin, json.rfind('"') - begin);
}

BOOST_AUTO_TEST_SUITE(redactor)

BOOST_AUTO_TEST_CASE(a_secret_becomes_its_name_wherever_it_stands) {
  Redactor r;
  r.add("key", Value::string("hunter2"));
  BOOST_TEST(r.redact("hunter2 and xhunter2x") == "<redacted:key> and x<redacted:key>x");
  BOOST_TEST(r.redact("nothing here") == "nothing here");
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_as_it_stands_in_json) {
  Redactor r;
  r.add("key", Value::string("a\"b\nc\\d"));
  BOOST_TEST(r.redact(R"({"k":"a\"b\nc\\d"})") == R"({"k":"<redacted:key>"})");
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_part_of_another_does_not_leave_the_rest_of_it) {
  Redactor r;
  r.add("short", Value::string("pass"));
  r.add("long", Value::string("password-1"));
  BOOST_TEST(r.redact("password-1 pass") == "<redacted:long> <redacted:short>");
}

BOOST_AUTO_TEST_CASE(texts_inside_objects_and_arrays_and_numbers_are_secret_too) {
  Redactor r;
  r.add("login", *read_json(R"({"user": "alice", "pins": ["0000x", 123456, true]})", "t"));
  BOOST_TEST(r.redact("alice 0000x 123456 true") == "<redacted:login> <redacted:login> <redacted:login> true");
}

BOOST_AUTO_TEST_CASE(a_secret_of_three_bytes_is_left_alone) {
  Redactor r;
  r.add("pin", Value::string("123"));
  BOOST_TEST(r.empty());
}

BOOST_AUTO_TEST_CASE(every_text_of_a_problem_is_searched) {
  Redactor r;
  r.add("key", Value::string("hunter2"));
  Error e;
  e.message = "m hunter2";
  e.where = "w hunter2";
  e.hint = "h hunter2";
  Problems problems{e};
  r.redact(problems);
  BOOST_TEST(problems.front().message == "m <redacted:key>");
  BOOST_TEST(problems.front().where == "w <redacted:key>");
  BOOST_TEST(problems.front().hint == "h <redacted:key>");
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_in_json_inside_json) {
  Redactor r;
  r.add("key", Value::string("a\"b\\c/d"));
  const std::string once = to_json(Value::string("a\"b\\c/d"));
  const std::string twice = to_json(Value::string(once));
  BOOST_TEST(r.redact(once) == R"("<redacted:key>")");
  BOOST_TEST(r.redact(twice) == R"("\"<redacted:key>\"")");
  BOOST_TEST(r.redact(R"("a\"b\\c\/d")") == R"("<redacted:key>")");
}

BOOST_AUTO_TEST_CASE(a_secret_beyond_ascii_is_found_escaped) {
  Redactor r;
  r.add("key", Value::string("pässwörd\xf0\x9f\x94\x91"));
  BOOST_TEST(r.redact(R"(p\u00e4ssw\u00f6rd\ud83d\udd11!)") == "<redacted:key>!");
  BOOST_TEST(r.redact("x pässwörd\xf0\x9f\x94\x91 y") == "x <redacted:key> y");
}

// Whatever surrounds the secret in what was encoded: no more of its encoding stays than the edges that it shares.
BOOST_AUTO_TEST_CASE(a_secret_is_found_in_base64_at_each_alignment) {
  const std::string secret = "sk-live-0123456789?>~";
  Redactor r;
  r.add("key", Value::string(secret));
  for (const std::string_view before : {"", "x", "xy", "xyz", "user:"}) {
    for (const std::string_view after : {"", "!", "!!", "!!!"}) {
      const std::string coded = base64(std::string(before) + secret + std::string(after));
      const std::string left = r.redact(coded);
      BOOST_TEST(left.find("<redacted:key>") != std::string::npos, coded);
      BOOST_TEST(left.size() <= std::string("<redacted:key>").size() + (before.size() + after.size()) * 2 + 6);
      std::string url = coded;
      for (char& c : url)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
      BOOST_TEST(r.holds_secret(url));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_in_urls_and_hexadecimal) {
  Redactor r;
  r.add("key", Value::string("p w/d+1&2"));
  for (const std::string_view coded : {"p%20w%2Fd%2B1%262", "p+w%2Fd%2B1%262", "p%20w%2fd%2b1%262", "p%20w/d%2B1%262",
                                       "7020772f642b312632", "7020772F642B312632"}) {
    BOOST_TEST(r.redact(coded) == "<redacted:key>", coded);
  }
}

BOOST_AUTO_TEST_CASE(a_short_secret_is_looked_for_as_text_alone) {
  Redactor r;
  r.add("pin", Value::string("1234"));
  BOOST_TEST(r.redact("1234") == "<redacted:pin>");
  BOOST_TEST(r.redact("31323334") == "31323334");
}

BOOST_AUTO_TEST_CASE(secrets_that_overlap_leave_no_half) {
  Redactor r;
  r.add("a", Value::string("abcdef"));
  r.add("b", Value::string("efghij"));
  BOOST_TEST(r.redact("xabcdefghijx") == "x<redacted:a>x");
}

BOOST_AUTO_TEST_CASE(redactions_are_counted) {
  Redactor r;
  r.add("a", Value::string("hunter2"));
  std::size_t count = 0;
  static_cast<void>(r.redact("hunter2 hunter2 x hunter2", &count));
  BOOST_TEST(count == 3U);
}

BOOST_AUTO_TEST_CASE(a_mark_is_safe_in_any_text) {
  Redactor r;
  r.add("we\"ird\n<name>", Value::string("hunter2"));
  BOOST_TEST(r.redact("hunter2") == "<redacted:we_ird__name_>");
}

BOOST_AUTO_TEST_CASE(a_piece_that_may_go_on_as_a_secret_is_held_back) {
  Redactor r;
  r.add("key", Value::string("hunter2!"));
  BOOST_TEST(r.open_end("my hunt") == 4U);
  BOOST_TEST(r.open_end("my hunter2!") == 0U);
  BOOST_TEST(r.open_end("nothing") == 0U);
  BOOST_TEST(r.open_end("") == 0U);
}

BOOST_AUTO_TEST_CASE(names_that_promise_a_secret_are_known) {
  for (const std::string_view name :
       {"Authorization", "X-Api-Key", "apiKey", "api_key", "OPENAI_API_KEY", "accessToken", "auth_token", "password",
        "db-password", "client_secret", "Set-Cookie", "privateKey", "x-goog-api-key"}) {
    BOOST_TEST(Redactor::is_secret_name(name), name);
  }
  for (const std::string_view name : {"input_tokens", "max_tokens", "keyboard", "monkey", "key", "author", "tokenizer",
                                      "", "secretary", "content-type", "passage"}) {
    BOOST_TEST(!Redactor::is_secret_name(name), name);
  }
}

BOOST_AUTO_TEST_CASE(variables_that_promise_a_secret_are_known) {
  for (const std::string_view name :
       {"OPENAI_API_KEY", "GITHUB_TOKEN", "MY_SECRET_THING", "PGPASSWORD", "aws_credentials_file"}) {
    BOOST_TEST(Redactor::is_secret_variable(name), name);
  }
  for (const std::string_view name : {"PATH", "HOME", "KEYBOARD", "TOKENS_PER_CALL"}) {
    BOOST_TEST(!Redactor::is_secret_variable(name), name);
  }
}

BOOST_AUTO_TEST_CASE(any_thread_may_add_while_others_redact) {
  Redactor r;
  std::atomic<bool> done{false};
  std::thread reader([&] {
    std::size_t seen = 0;
    while (!done)
      seen += r.redact("some text with secret-17 and secret-399 in it").size();
    BOOST_TEST(seen > 0U);
  });
  for (int i = 0; i < 400; ++i)
    r.add("s", Value::string("secret-" + std::to_string(i)));
  done = true;
  reader.join();
  BOOST_TEST(r.redact("secret-17 secret-399") == "<redacted:s> <redacted:s>");
}

BOOST_AUTO_TEST_CASE(no_text_that_holds_a_secret_keeps_it) {
  std::mt19937 random(7);
  const auto letters = [&](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i)
      text += static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    Redactor r;
    std::vector<std::string> secrets;
    for (int i = 0; i < 4; ++i) {
      secrets.push_back(letters(4 + random() % 8));
      r.add("s", Value::string(secrets.back()));
    }
    std::string text = letters(60);
    text.insert(random() % text.size(), secrets[random() % secrets.size()]);
    const std::string clean = r.redact(text);
    for (const std::string& secret : secrets)
      BOOST_TEST(clean.find(secret) == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
