#include "core/base/redactor.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(redactor)

BOOST_AUTO_TEST_CASE(a_secret_becomes_its_name_wherever_it_stands) {
  Redactor r;
  r.add("key", Value::string("hunter2"));
  std::size_t count = 1;
  BOOST_TEST(r.redact("hunter2 and xhunter2x", &count) == "<redacted:key> and x<redacted:key>x");
  BOOST_TEST(count == 3U);
  BOOST_TEST(r.redact("nothing here", &count) == "nothing here");
  BOOST_TEST(count == 3U);
  BOOST_TEST(r.holds_secret("a hunter2"));
  BOOST_TEST(!r.holds_secret("a hunter"));
}

BOOST_AUTO_TEST_CASE(knowing_no_secret_changes_nothing) {
  const Redactor r;
  BOOST_TEST(r.empty());
  BOOST_TEST(r.redact("a text") == "a text");
  BOOST_TEST(!r.holds_secret("a text"));
  BOOST_TEST(r.showable("a text") == 6U);
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_as_it_stands_in_json) {
  Redactor r;
  r.add("key", Value::string("a\"b\nc\\d"));
  BOOST_TEST(r.redact(R"({"k":"a\"b\nc\\d"})") == R"({"k":"<redacted:key>"})");
  BOOST_TEST(r.redact(R"({"k":"{\"k\":\"a\\\"b\\nc\\\\d\"}"})") == R"({"k":"{\"k\":\"<redacted:key>\"}"})");
}

std::string base64(std::string_view bytes) {
  const std::string json = to_json(Value::bytes(bytes));  // {"$base64":"..."}
  return json.substr(12, json.size() - 14);
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_in_base64_wherever_it_begins) {
  Redactor r;
  r.add("key", Value::string("sk-0123456789"));
  for (const std::string_view before : {"", "u", "me", "me:", "user"}) {
    for (const std::string_view after : {"", "!", "!!", "!!!"}) {
      const std::string text = base64(std::string(before) + "sk-0123456789" + std::string(after));
      const std::string clean = r.redact("[" + text + "]");
      BOOST_TEST(clean.find("<redacted:key>") != std::string::npos, text);
      // What is left beside the mark: the neighbours, and a character at each edge that is only in part the secret's.
      BOOST_TEST(
          clean.size() <= 2 + std::string("<redacted:key>").size() + base64(before).size() + base64(after).size() + 4,
          clean);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_in_urls_and_as_hexadecimal_digits) {
  Redactor r;
  r.add("key", Value::string("p w/é+="));
  BOOST_TEST(r.redact("?k=p+w%2F%C3%A9%2B%3D&k=p%20w%2f%c3%a9%2b%3d&x") == "?k=<redacted:key>&k=<redacted:key>&x");
  BOOST_TEST(r.redact("702077 7020772fc3a92b3d") == "702077 <redacted:key>");
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
  r.add("pin", Value::string(" 123\n"));
  BOOST_TEST(r.empty());
  r.add("pin", Value::string("1234"));
  BOOST_TEST(r.redact("1234") == "<redacted:pin>");
}

BOOST_AUTO_TEST_CASE(white_space_around_a_secret_and_a_scheme_before_it_are_no_part_of_it) {
  Redactor r;
  r.add("file", Value::string("hunter2\n"));
  r.add("auth", Value::string("Bearer sk-123456"));
  r.add("note", Value::string("token of my love"));
  BOOST_TEST(r.redact("hunter2, Bearer sk-123456") == "<redacted:file>, Bearer <redacted:auth>");
  BOOST_TEST(r.redact("of my love, token of my love") == "of my love, <redacted:note>");
}

BOOST_AUTO_TEST_CASE(a_name_in_a_mark_holds_nothing_that_json_or_a_terminal_would_mind) {
  Redactor r;
  r.add("a\"b\n\x1b[é]", Value::string("hunter2"));
  r.add(std::string(500, 'n'), Value::string("hunter3"));
  BOOST_TEST(r.redact("hunter2") == "<redacted:a_b______>");
  BOOST_TEST(r.redact("hunter3") == "<redacted:" + std::string(64, 'n') + ">");
}

BOOST_AUTO_TEST_CASE(text_stays_utf8_whatever_is_taken_out) {
  Redactor r;
  r.add("word", Value::string("schlüssel"));
  r.add("bytes", Value::bytes("\xa9 \xe2\x82"));
  for (const std::string_view text : {"der schlüssel: é €€", "é €", "schlüssel", "é \xe2\x82\xac schlüssel"}) {
    BOOST_TEST(r.holds_secret(text), text);
    BOOST_TEST(is_utf8(r.redact(text)), text);
  }
}

BOOST_AUTO_TEST_CASE(every_text_of_a_problem_is_searched) {
  Redactor r;
  r.add("key", Value::string("hunter2"));
  Error e;
  e.message = "m hunter2";
  e.where = "w hunter2";
  e.hint = "h hunter2";
  e.node_code = "c_hunter2";
  Problems problems{e};
  r.redact(problems);
  BOOST_TEST(problems.front().message == "m <redacted:key>");
  BOOST_TEST(problems.front().where == "w <redacted:key>");
  BOOST_TEST(problems.front().hint == "h <redacted:key>");
  BOOST_TEST(problems.front().node_code == "c_<redacted:key>");
}

BOOST_AUTO_TEST_CASE(what_may_be_the_beginning_of_a_secret_is_not_showable_yet) {
  Redactor r;
  r.add("a", Value::string("abcdefgh"));
  r.add("b", Value::string("fghijklm"));
  BOOST_TEST(r.showable("xyz") == 3U);
  BOOST_TEST(r.showable("xyzabc") == 3U);
  BOOST_TEST(r.showable("xyzabcdefgx") == 11U);
  BOOST_TEST(r.showable("xyzabcdefgh") == 3U);  // "fgh" may go on, and then all of it is one place
  BOOST_TEST(r.showable("abcdefghijklm, ") == 15U);
}

BOOST_AUTO_TEST_CASE(a_long_secret_is_found_by_each_of_its_pieces) {
  Redactor r;
  std::string secret;
  for (int i = 0; secret.size() < 20'000; ++i)
    secret += std::to_string(i * 7919) + "é";
  r.add("pem", Value::string(secret));
  BOOST_TEST(r.redact("<" + secret + ">") == "<<redacted:pem>>");
  BOOST_TEST(r.redact(secret.substr(0, 700)) == "<redacted:pem>");
  std::size_t count = 0;
  const std::string cut = r.redact(secret.substr(0, 15'000), &count);
  BOOST_TEST(count == 1U);
  BOOST_TEST(cut == "<redacted:pem>");
}

BOOST_AUTO_TEST_CASE(an_endless_secret_costs_what_its_first_256_kibibytes_cost) {
  Redactor r;
  std::string secret;
  for (int i = 0; secret.size() < 2'000'000; ++i)
    secret += std::to_string(i * 7919) + "-";
  r.add("big", Value::string(secret));
  BOOST_TEST(r.redact(secret.substr(0, 260'000)) == "<redacted:big>");
  BOOST_TEST(!r.holds_secret(secret.substr(1'000'000)));
}

BOOST_AUTO_TEST_CASE(of_too_many_secrets_the_first_and_the_newest_stay_known) {
  Redactor r;
  const auto secret = [](int i) { return "secret number " + std::to_string(1'000'000 + i); };
  for (int i = 0; i < 10'000; ++i)
    r.add("n" + std::to_string(i), Value::string(secret(i)));
  for (const int i : {0, 1, 4095, 9'000, 9'999})
    BOOST_TEST(r.redact(secret(i)) == "<redacted:n" + std::to_string(i) + ">");
  BOOST_TEST(!r.holds_secret(secret(5'000)));
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_known_keeps_its_first_name) {
  Redactor r;
  r.add("first", Value::string("hunter2"));
  r.add("second", Value::string("hunter2"));
  BOOST_TEST(r.redact("hunter2") == "<redacted:first>");
}

BOOST_AUTO_TEST_CASE(threads_may_add_while_others_redact) {
  Redactor r;
  r.add("seed", Value::string("known from the start"));
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&r, t] {
      for (int i = 0; i < 300; ++i)
        r.add("n", Value::string("thread " + std::to_string(t) + " secret " + std::to_string(i)));
    });
  }
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      while (!stop) {
        if (r.redact("a text known from the start") != "a text <redacted:seed>") ++wrong;
        if (!r.holds_secret("known from the start")) ++wrong;
        if (r.showable("a text known from") != 7) ++wrong;
      }
    });
  }
  threads[0].join();
  threads[1].join();
  stop = true;
  threads[2].join();
  threads[3].join();
  BOOST_TEST(wrong == 0);
  BOOST_TEST(r.redact("thread 1 secret 299") == "<redacted:n>");
}

BOOST_AUTO_TEST_CASE(names_of_secrets_are_known_in_every_spelling) {
  for (const std::string_view name : {"Authorization",
                                      "proxy-authorization",
                                      "Cookie",
                                      "Set-Cookie",
                                      "x-api-key",
                                      "X-API-Key",
                                      "api_key",
                                      "apikey",
                                      "apiKey",
                                      "x-goog-api-key",
                                      "OPENAI_API_KEY",
                                      "openaiApiKey",
                                      "token",
                                      "auth_token",
                                      "accessToken",
                                      "refresh-token",
                                      "X-Auth-Token",
                                      "client_secret",
                                      "clientSecret",
                                      "secret",
                                      "password",
                                      "passwd",
                                      "db_password",
                                      "MYSQL_PWD",
                                      "private_key",
                                      "aws_secret_access_key",
                                      "credential",
                                      "google_credentials",
                                      "X-Amz-Credential",
                                      "APIKey",
                                      "XApiKey"}) {
    BOOST_TEST(Redactor::is_secret_name(name), name);
  }
  for (const std::string_view name :
       {"",          "input_tokens",   "max_tokens", "maxToken",     "input_token", "next_page_token", "nextPageToken",
        "eos_token", "stop_token",     "tokenizer",  "key",          "sort_key",    "monkey",          "author",
        "secretary", "passwords_file", "PWD",        "cookies_path", "keyboard",    "token_count"}) {
    BOOST_TEST(!Redactor::is_secret_name(name), name);
  }
  BOOST_TEST(Redactor::is_secret_name(std::string(1000, 'x') + "_api_key"));
}

BOOST_AUTO_TEST_CASE(variables_of_secrets_are_known_by_parts_of_their_names) {
  for (const std::string_view name :
       {"OPENAI_API_KEY", "MYKEY", "GITHUB_TOKEN", "npm_config_token", "AWS_SECRET_ACCESS_KEY", "SECRETS", "PGPASSWORD",
        "MY_PASSWORD_2", "GOOGLE_APPLICATION_CREDENTIALS", "PASSWD", "HTTP_COOKIE"}) {
    BOOST_TEST(Redactor::is_secret_variable(name), name);
  }
  for (const std::string_view name :
       {"", "PATH", "PWD", "OLDPWD", "HOME", "KEYBOARD", "TOKENIZERS_PARALLELISM", "AWS_ACCESS_KEY_ID", "LC_ALL"}) {
    BOOST_TEST(!Redactor::is_secret_variable(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
