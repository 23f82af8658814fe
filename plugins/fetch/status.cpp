#include "status.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "url.hpp"

namespace pflow::fetch {
namespace {

constexpr std::int32_t kUnauthorized = 401;
constexpr std::int32_t kForbidden = 403;
constexpr std::int32_t kNotFound = 404;
constexpr std::int32_t kGone = 410;
constexpr std::int32_t kTooMany = 429;

constexpr std::array<std::pair<std::int32_t, std::string_view>, 44> kReasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
}};

pflow_status kind_of(const BadAnswer& answer) {
  if (answer.retryable) return PFLOW_E_UNAVAILABLE;  // the user's word: even a 401 is to be tried again
  switch (answer.status) {
    case kUnauthorized:
    case kForbidden:
      return PFLOW_E_AUTH;
    case kNotFound:
    case kGone:
      return PFLOW_E_NOT_FOUND;
    case kTooMany:
      return PFLOW_E_RATE_LIMIT;
    default:
      return answer.status >= 500 ? PFLOW_E_UNAVAILABLE : PFLOW_E_IO;
  }
}

std::string hint_of(const BadAnswer& answer) {
  if (answer.status == kUnauthorized) return " (check `auth_token`, `api_key` or `headers`)";
  if (!answer.location.empty()) {
    return " (it leads to " + shown_url(answer.location) + "; redirects are followed with `follow_redirects`)";
  }
  return {};
}

}  // namespace

std::string_view reason_phrase(std::int32_t status) noexcept {
  for (const auto& [number, phrase] : kReasons) {
    if (number == status) return phrase;
  }
  return {};
}

bool is_idempotent(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

sdk::Failure failure_of(const BadAnswer& answer) {
  std::string message(answer.method);
  message.append(" ").append(answer.url).append(" was answered with ");
  sdk::append_number(message, answer.status);
  if (const std::string_view phrase = reason_phrase(answer.status); !phrase.empty()) {
    message.append(" ").append(phrase);
  }
  message += hint_of(answer);
  if (!answer.head_of_body.empty()) message.append(": ").append(answer.head_of_body);
  return {.status = kind_of(answer),
          .code = "http_status",
          .message = std::move(message),
          .retryable = answer.retryable,
          .origin_code = answer.status,
          .retry_after_ms = answer.retry_after_ms};
}

sdk::Failure failure_of(sdk::Failure told, std::string_view method, Got got) {
  constexpr std::string_view kTooLarge =
      "too_large";  // before the head has come it is the head, which has no parameter
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kWaysOut{{
      {"timeout", "; `timeout_ms` gives it more time"},
      {kTooLarge, "; `max_response_bytes` is the limit"},
  }};
  constexpr std::array<std::string_view, 4> kNeverSent = {"dns_failed", "connect_failed", "proxy_failed",
                                                          "too_many_connections"};
  for (const auto& [code, way_out] : kWaysOut) {
    if (told.code == code && !(code == kTooLarge && got == Got::kNothing)) told.message += way_out;
  }
  const bool never_sent = std::find(kNeverSent.begin(), kNeverSent.end(), told.code) != kNeverSent.end();
  if (told.status == PFLOW_E_TIMEOUT || (!never_sent && !is_idempotent(method))) told.retryable = false;
  return told;
}

}  // namespace pflow::fetch
