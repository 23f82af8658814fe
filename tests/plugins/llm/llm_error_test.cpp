#include "llm_error.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::llm {
namespace {

const Asked kAsked{.title = "OpenAI",
                   .provider = "openai",
                   .model = "gpt-x",
                   .key_setting = "OPENAI_API_KEY",
                   .request_id = "req_1",
                   .url = "https://user:pass@api.openai.com/v1/chat/completions"};

sdk::Failure failure(std::int32_t status, std::string_view body, const RetryHeaders& headers = {}) {
  return failure_of(kAsked, status, read_error_body(body), headers);
}

// "code status retryable"
std::string verdict(std::int32_t status, std::string_view body, const RetryHeaders& headers = {}) {
  const sdk::Failure f = failure(status, body, headers);
  return f.code + " " + std::to_string(f.status) + (f.retryable ? " retryable" : "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(llm_error)

BOOST_AUTO_TEST_CASE(a_status_alone_decides_what_may_be_retried) {
  BOOST_TEST(verdict(400, "") == "bad_request -1");
  BOOST_TEST(verdict(401, "") == "auth_failed -9");
  BOOST_TEST(verdict(402, "") == "insufficient_quota -8");
  BOOST_TEST(verdict(403, "") == "permission_denied -4");
  BOOST_TEST(verdict(404, "") == "not_found -2");
  BOOST_TEST(verdict(408, "") == "timeout -6 retryable");
  BOOST_TEST(verdict(409, "") == "conflict -7 retryable");
  BOOST_TEST(verdict(413, "") == "bad_request -1");
  BOOST_TEST(verdict(422, "") == "bad_request -1");
  BOOST_TEST(verdict(429, "") == "rate_limited -8 retryable");
  BOOST_TEST(verdict(500, "") == "server_error -7 retryable");
  BOOST_TEST(verdict(503, "") == "server_error -7 retryable");
  BOOST_TEST(verdict(504, "") == "timeout -6 retryable");
  BOOST_TEST(verdict(529, "") == "overloaded -7 retryable");
}

BOOST_AUTO_TEST_CASE(a_used_up_quota_is_not_retried_although_its_status_is_the_same) {
  BOOST_TEST(
      verdict(429,
              R"({"error":{"message":"m","type":"insufficient_quota","param":null,"code":"insufficient_quota"}})") ==
      "insufficient_quota -8");
  BOOST_TEST(verdict(429, R"({"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}})") ==
             "rate_limited -8 retryable");
}

BOOST_AUTO_TEST_CASE(vendors_words_tell_more_than_a_status) {
  BOOST_TEST(verdict(404, R"({"error":{"message":"m","code":"model_not_found"}})") == "model_not_found -2");
  BOOST_TEST(verdict(404, R"({"type":"error","error":{"type":"not_found_error","message":"model: claude-x"}})") ==
             "model_not_found -2");
  BOOST_TEST(verdict(404, R"({"error":"model 'x' not found, try pulling it first"})") == "model_not_found -2");
  BOOST_TEST(verdict(400, R"({"error":{"message":"m","code":"context_length_exceeded"}})") == "context_too_long -1");
  BOOST_TEST(verdict(529, R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})") ==
             "overloaded -7 retryable");
  BOOST_TEST(verdict(503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})") ==
             "overloaded -7 retryable");
  BOOST_TEST(verdict(429, R"([{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}])") ==
             "rate_limited -8 retryable");
  BOOST_TEST(verdict(401, R"({"error":{"message":"m","code":"insufficient_quota"}})") == "auth_failed -9");
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_stream_is_known_by_its_words_or_its_code) {
  BOOST_TEST(verdict(0, R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})") ==
             "overloaded -7 retryable");
  BOOST_TEST(verdict(0, R"({"error":{"code":502,"message":"m"}})") == "server_error -7 retryable");
  BOOST_TEST(verdict(0, R"({"error":{"message":"m"}})") == "stream_error -10");
}

BOOST_AUTO_TEST_CASE(the_server_has_the_last_word_on_retries) {
  BOOST_TEST(verdict(400, "", {"true", "", ""}) == "bad_request -1 retryable");
  BOOST_TEST(verdict(500, "", {"false", "", ""}) == "server_error -7");
}

BOOST_AUTO_TEST_CASE(the_most_exact_wait_counts) {
  constexpr std::string_view kBody =
      R"({"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[
          {"@type":"type.googleapis.com/google.rpc.QuotaFailure"},
          {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"22s"}]}})";
  BOOST_TEST(failure(429, "", {"", "2", "150"}).retry_after_ms == 150);
  BOOST_TEST(failure(429, kBody, {"", "2", ""}).retry_after_ms == 2000);
  BOOST_TEST(failure(429, kBody).retry_after_ms == 22'000);
  BOOST_TEST(failure(429, "").retry_after_ms == -1);
  BOOST_TEST(failure(429, R"({"error":{"details":[{"retryDelay":"22"}]}})").retry_after_ms == -1);
  BOOST_TEST(
      failure(429, "", {"", "Sun, 06 Nov 1994 08:49:47 GMT", "", "Sun, 06 Nov 1994 08:49:37 GMT"}).retry_after_ms ==
      10'000);
}

BOOST_AUTO_TEST_CASE(a_message_says_who_what_and_how_to_mend_it) {
  const sdk::Failure f = failure(401, R"({"error":{"message":"Incorrect API key provided"}})");
  BOOST_TEST(f.message ==
             "OpenAI, model \"gpt-x\", HTTP 401, request req_1: Incorrect API key provided. Check the key in "
             "OPENAI_API_KEY: in the environment or settings.json.");
  BOOST_TEST(f.origin_code == 401);
  BOOST_TEST(f.detail_json == R"({"provider":"openai","model":"gpt-x","request_id":"req_1"})");
}

BOOST_AUTO_TEST_CASE(a_base_url_is_shown_without_its_password) {
  const std::string message = failure(404, "").message;
  BOOST_TEST(message.find("https://api.openai.com/v1/chat/completions") != std::string::npos);
  BOOST_TEST(message.find("pass") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_json_is_shown_without_its_markup) {
  BOOST_TEST(read_error_body("<html><head></head>\n<body><h1>502  Bad Gateway</h1></body></html>").message ==
             "502 Bad Gateway");
  BOOST_TEST(read_error_body("").message.empty());
  BOOST_TEST(read_error_body(std::string(100'000, 'x')).message.size() == 2000U);
}

BOOST_AUTO_TEST_CASE(other_forms_of_bodies_are_read_too) {
  const ProviderError mistral = read_error_body(R"({"object":"error","message":"m","type":"t","code":"1300"})");
  BOOST_TEST(mistral.message == "m");
  BOOST_TEST(mistral.type == "t");
  BOOST_TEST(mistral.code == "1300");
  BOOST_TEST(read_error_body(R"({"detail":"d"})").message == "d");
  BOOST_TEST(read_error_body(R"({"unknown":1})").message == R"({"unknown":1})");
}

BOOST_AUTO_TEST_CASE(a_missing_key_names_the_variable_the_file_and_a_way_without) {
  const sdk::Failure f = missing_key(kAsked);
  BOOST_TEST(f.code == "missing_key");
  BOOST_TEST(f.status == PFLOW_E_AUTH);
  for (const char* word : {"OpenAI", "OPENAI_API_KEY", "settings.json", "--llm-provider offline"})
    BOOST_TEST(f.message.find(word) != std::string::npos, word);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
