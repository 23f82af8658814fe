#include "request.hpp"

#include <algorithm>
#include <array>

#include "refusal.hpp"
#include "url.hpp"

namespace pflow::fetch {
namespace {

constexpr std::int64_t kMostRedirects = 10;
constexpr std::string_view kAuthorization = "Authorization";
constexpr std::string_view kContentType = "Content-Type";

bool is_structure(sdk::Value value) {
  return value.is(sdk::Type::kArray) || value.is(sdk::Type::kObject);
}

/// A value as text: strings and bytes as they are, everything else as compact JSON.
std::string_view text_of(sdk::Value value, const sdk::Call& call) {
  if (const auto text = value.if_text()) return *text;
  return call.to_json(value);
}

bool has_body(sdk::Value body) {
  const auto text = body.if_text();
  return !body.is_null() && !(text && text->empty());
}

std::string method_of(const Params& params) {
  const std::string_view otherwise = has_body(params.body) ? "POST" : "GET";
  std::string method(params.method.value_or(otherwise));
  std::transform(method.begin(), method.end(), method.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
  if (!is_token(method)) {
    std::string quoted;
    sdk::append_json(quoted, sdk::head(method, 100));
    refuse("method", quoted + " cannot be a method; use GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS");
  }
  if (method == "CONNECT") refuse("method", "CONNECT asks a proxy for a tunnel and has no answer to give");
  const bool takes_none = method == "HEAD" || method == "TRACE";
  if (takes_none && has_body(params.body)) refuse("body", "a " + method + " request cannot have one");
  return method;
}

std::string url_of(const Params& params, const sdk::Call& call, RequestHeaders& headers) {
  Url url(params.url);
  for (const auto [name, value] : params.params.members()) {
    if (value.is_null()) continue;
    if (!value.is(sdk::Type::kArray)) {
      url.add_query(name, text_of(value, call));
      continue;
    }
    for (const sdk::Value item : value.items()) {
      if (!item.is_null()) url.add_query(name, text_of(item, call));
    }
  }
  if (!url.credentials().empty() && !headers.has(kAuthorization)) {
    headers.add("url", kAuthorization, basic_authorization(url.credentials()));
  }
  return url.text();
}

void add_given_headers(const Params& params, const sdk::Call& call, RequestHeaders& headers) {
  constexpr std::string_view kParam = "headers";
  for (const auto [name, value] : params.headers.members()) {
    if (value.is_null()) continue;
    if (value.is(sdk::Type::kObject)) {
      refuse(kParam, "the value of the header " + std::string(name) + " is an object; give a text");
    }
    if (!value.is(sdk::Type::kArray)) {
      headers.add(kParam, name, text_of(value, call));
      continue;
    }
    for (const sdk::Value item : value.items()) {
      if (is_structure(item)) refuse(kParam, "the header " + std::string(name) + " holds a value that is no text");
      if (!item.is_null()) headers.add(kParam, name, text_of(item, call));
    }
  }
}

void add_credentials(const Params& params, RequestHeaders& headers) {
  constexpr std::string_view kKeyHeader = "X-API-Key";
  if (params.auth_token && !params.auth_token->empty()) {
    if (headers.has(kAuthorization)) {
      refuse("auth_token", "`headers` has an Authorization already; give one of the two");
    }
    headers.add("auth_token", kAuthorization, "Bearer " + std::string(*params.auth_token));
  }
  if (params.api_key && !params.api_key->empty()) {
    const std::string_view name = params.api_key_header.value_or(kKeyHeader);
    if (headers.has(name)) refuse("api_key", "the header " + std::string(name) + " has a value already");
    headers.add("api_key", name, *params.api_key);
  }
}

std::string_view type_of_body(sdk::Value body) {
  if (body.is(sdk::Type::kString)) return "text/plain; charset=utf-8";
  return body.is(sdk::Type::kBytes) ? "application/octet-stream" : "application/json";
}

std::chrono::milliseconds timeout_of(const Params& params) {
  if (params.timeout && params.timeout_ms) {
    refuse("timeout", "it means the same as `timeout_ms`, in seconds: give one of the two");
  }
  if (params.timeout) return std::chrono::milliseconds(static_cast<std::int64_t>(*params.timeout * 1000));
  return std::chrono::milliseconds(params.timeout_ms.value_or(30'000));
}

std::vector<std::int64_t> statuses_of(sdk::Value list) {
  std::vector<std::int64_t> statuses;
  for (const sdk::Value item : list.items()) {
    const auto status = item.if_int();
    if (!status || *status < 100 || *status > 599) {
      refuse("retry_on_status", "expected statuses, whole numbers from 100 to 599");
    }
    statuses.push_back(*status);
  }
  return statuses;
}

}  // namespace

void Params::declare(sdk::Fields<Params>& f) {
  constexpr double kYearMs = 366.0 * 24 * 3600 * 1000;
  f.add("url", &Params::url, "What to ask: http:// or https://").required();
  f.add("method", &Params::method, "GET, POST, PUT, PATCH, DELETE, ...; default: POST if there is a body, else GET");
  f.add("headers", &Params::headers, "Headers to send: texts; an array sends one of the name for each item")
      .type(sdk::Type::kObject);
  f.add("params", &Params::params,
        "What to add to the URL's query: texts, numbers, booleans; an array repeats the name, null adds nothing")
      .type(sdk::Type::kObject);
  f.add("body", &Params::body,
        "What to send: objects and arrays as JSON, strings and bytes as they are; `headers` may say another type");
  // No default in the schema: the host would fill it in, and giving both could not be told from giving `timeout`.
  f.add("timeout_ms", &Params::timeout_ms, "Give up after so many milliseconds (30000 if not given)")
      .minimum(1)
      .maximum(kYearMs);
  f.add("timeout", &Params::timeout, "The same in seconds; give one of the two").minimum(0.001).maximum(kYearMs / 1000);
  f.add("auth_token", &Params::auth_token, "Sent as Authorization: Bearer ...").secret();
  f.add("api_key", &Params::api_key, "Sent in the header that `api_key_header` names").secret();
  f.add("api_key_header", &Params::api_key_header, "Which header `api_key` goes into; default: X-API-Key");
  f.add("follow_redirects", &Params::follow_redirects, "Go where the server points, at most 10 times");
  f.add("max_response_bytes", &Params::max_response_bytes, "Most that a body may have, after decompression").minimum(0);
  f.add("verify_tls", &Params::verify_tls, "Whether the server has to prove who it is");
  f.add("retry_on_status", &Params::retry_on_status, "Statuses that are worth another attempt, such as [429, 503]")
      .type(sdk::Type::kArray);
}

bool Request::retries(std::int32_t status) const noexcept {
  return std::find(retry_on_status.begin(), retry_on_status.end(), status) != retry_on_status.end();
}

sdk::HttpRequest Request::for_host() const {
  sdk::HttpRequest request;
  request.method = method;
  request.url = url;
  request.body = body;
  for (const RequestHeaders::Header& header : headers.all())
    request.headers.push_back(sdk::http_header(header.name, header.value));
  request.timeout = timeout;
  request.max_redirects = kMostRedirects;
  request.max_response_bytes = max_response_bytes;
  request.flags = flags;
  return request;
}

Request make_request(const Params& params, const sdk::Call& call) {
  Request request;
  request.method = method_of(params);
  add_given_headers(params, call, request.headers);
  add_credentials(params, request.headers);
  request.url = url_of(params, call, request.headers);
  if (has_body(params.body)) {
    request.body = text_of(params.body, call);
    if (!request.headers.has(kContentType)) request.headers.add("body", kContentType, type_of_body(params.body));
  }
  request.timeout = timeout_of(params);
  request.max_response_bytes = params.max_response_bytes;
  if (!params.follow_redirects) request.flags |= PFLOW_HTTP_NO_REDIRECT;
  if (!params.verify_tls) request.flags |= PFLOW_HTTP_INSECURE_TLS;
  request.retry_on_status = statuses_of(params.retry_on_status);
  return request;
}

}  // namespace pflow::fetch
