#include "status.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::fetch {
namespace {

BadAnswer bad(std::int32_t status) {
  BadAnswer answer;
  answer.method = "GET";
  answer.url = "http://a.test/x";
  answer.status = status;
  return answer;
}

sdk::Failure told(std::string code, pflow_status status = PFLOW_E_IO) {
  return {.status = status, .code = std::move(code), .message = "it broke", .retryable = true};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(status)

BOOST_AUTO_TEST_CASE(the_message_has_request_status_and_head_of_the_body) {
  BadAnswer answer = bad(404);
  answer.head_of_body = R"({"error": "gone fishing"})";
  const sdk::Failure failure = failure_of(answer);
  BOOST_TEST(failure.code == "http_status");
  BOOST_TEST(failure.message == R"(GET http://a.test/x was answered with 404 Not Found: {"error": "gone fishing"})");
  BOOST_TEST(failure.origin_code == 404);
  BOOST_TEST(failure.retry_after_ms == -1);
  BOOST_TEST(!failure.retryable);
}

BOOST_AUTO_TEST_CASE(a_status_without_a_name_is_told_as_a_number) {
  BOOST_TEST(failure_of(bad(599)).message == "GET http://a.test/x was answered with 599");
}

BOOST_AUTO_TEST_CASE(who_is_not_let_in_is_told_where_keys_go) {
  BOOST_TEST(failure_of(bad(401)).message ==
             "GET http://a.test/x was answered with 401 Unauthorized (check `auth_token`, `api_key` or `headers`)");
}

BOOST_AUTO_TEST_CASE(a_redirect_that_was_not_followed_says_where_it_leads) {
  BadAnswer answer = bad(302);
  answer.location = "https://b.test/y?key=secret";
  BOOST_TEST(
      failure_of(answer).message ==
      "GET http://a.test/x was answered with 302 Found (it leads to https://b.test/y; redirects are followed with "
      "`follow_redirects`)");
}

BOOST_AUTO_TEST_CASE(the_kind_of_failure_follows_from_the_status) {
  BOOST_TEST(failure_of(bad(401)).status == PFLOW_E_AUTH);
  BOOST_TEST(failure_of(bad(403)).status == PFLOW_E_AUTH);
  BOOST_TEST(failure_of(bad(404)).status == PFLOW_E_NOT_FOUND);
  BOOST_TEST(failure_of(bad(410)).status == PFLOW_E_NOT_FOUND);
  BOOST_TEST(failure_of(bad(429)).status == PFLOW_E_RATE_LIMIT);
  BOOST_TEST(failure_of(bad(500)).status == PFLOW_E_UNAVAILABLE);
  BOOST_TEST(failure_of(bad(418)).status == PFLOW_E_IO);
}

BOOST_AUTO_TEST_CASE(a_status_that_is_to_be_tried_again_is_retryable_whatever_it_is) {
  BadAnswer answer = bad(401);
  answer.retryable = true;
  answer.retry_after_ms = 1500;
  const sdk::Failure failure = failure_of(answer);
  BOOST_TEST(failure.retryable);
  BOOST_TEST(failure.retry_after_ms == 1500);
  BOOST_TEST(failure.status == PFLOW_E_UNAVAILABLE);
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_network_names_the_parameter_that_helps) {
  BOOST_TEST(failure_of(told("timeout", PFLOW_E_TIMEOUT), "GET", Got::kHead).message ==
             "it broke; `timeout_ms` gives it more time");
  BOOST_TEST(failure_of(told("too_large"), "GET", Got::kHead).message == "it broke; `max_response_bytes` is the limit");
  BOOST_TEST(failure_of(told("too_large"), "GET", Got::kNothing).message == "it broke");  // a head
  BOOST_TEST(failure_of(told("dns_failed"), "GET", Got::kHead).message == "it broke");
}

BOOST_AUTO_TEST_CASE(what_may_have_had_an_effect_is_not_sent_again_by_default) {
  BOOST_TEST(failure_of(told("connection_lost"), "GET", Got::kHead).retryable);
  BOOST_TEST(failure_of(told("connection_lost"), "DELETE", Got::kHead).retryable);
  BOOST_TEST(!failure_of(told("connection_lost"), "POST", Got::kHead).retryable);
  BOOST_TEST(!failure_of(told("connection_lost"), "PATCH", Got::kHead).retryable);
  BOOST_TEST(failure_of(told("connect_failed"), "POST", Got::kHead).retryable);
  BOOST_TEST(!failure_of(told("timeout", PFLOW_E_TIMEOUT), "GET", Got::kHead).retryable);
}

BOOST_AUTO_TEST_CASE(only_some_methods_do_the_same_twice) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
    BOOST_TEST(is_idempotent(method), method);
  for (const char* method : {"POST", "PATCH", "get", "PURGE", ""})
    BOOST_TEST(!is_idempotent(method), method);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::fetch
