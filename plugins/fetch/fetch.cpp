#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "charset.hpp"
#include "content.hpp"
#include "header.hpp"
#include "request.hpp"
#include "retry_after.hpp"
#include "status.hpp"
#include "url.hpp"
#include <pflow/node.hpp>

namespace pflow::fetch {
namespace {

constexpr std::int32_t kFirstSuccess = 200;
constexpr std::int32_t kFirstRedirect = 300;
constexpr std::int32_t kFirstClientError = 400;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

/// Takes the answer to one request and ends the call with it.
class Exchange final : public sdk::HttpHandler {
 public:
  /// The completion has two owners, this and the sender: a request that cannot be sent is told by the sender.
  Exchange(pflow_call* call, Request request, std::shared_ptr<sdk::Completion> completion)
      : call_(call), request_(std::move(request)), completion_(std::move(completion)) {}

  [[nodiscard]] sdk::HttpRequest for_host() const { return request_.for_host(); }

  void on_head(const sdk::HttpHead& head) override {
    status_ = head.status();
    url_ = is_utf8(head.url()) ? std::string(head.url()) : from_windows_1252(head.url());
    for (std::size_t i = 0; i < head.header_count(); ++i)
      headers_.add(sdk::to_view(head.header_at(i).name), sdk::to_view(head.header_at(i).value));
    body_.emplace(call_, expected_bytes());
  }

  void on_data(std::string_view piece) override { body_->append(piece); }

  void on_done(const sdk::HttpEnd& end) override {
    completion_->finish_with([&](sdk::Call& call) { settle(call, end); });
  }

 private:
  // What the server says it will send, as far as one may count on it.
  [[nodiscard]] std::size_t expected_bytes() const {
    constexpr std::size_t kMost = std::size_t{8} << 20;
    if (request_.method == "HEAD" || !headers_.get("content-encoding").empty()) return 0;
    const std::string_view digits = headers_.get("content-length");
    std::size_t bytes = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
    return std::min(bytes, kMost);
  }

  void settle(sdk::Call& call, const sdk::HttpEnd& end) {
    constexpr double kUsPerMs = 1000;
    const auto total_us = std::chrono::duration_cast<std::chrono::microseconds>(end.total).count();
    call.set("response_time_ms", static_cast<double>(total_us) / kUsPerMs);
    if (body_) {
      call.set("status_code", status_);
      call.set("url", url_);
      call.set("response_headers", sdk::Json{headers_.json()});
    }
    if (end.failure) throw failure_of(*end.failure, request_.method, body_ ? Got::kHead : Got::kNothing);
    if (!body_) throw failure_of(without_a_head(), request_.method, Got::kNothing);
    const ContentType type = parse_content_type(headers_.get("content-type"));
    const sdk::Value body = body_->finish();
    call.set("response", response_of(call, type, body));
    const bool success = status_ >= kFirstSuccess && status_ < kFirstRedirect;
    if (!success || request_.retries(status_)) throw failure_of(bad_answer(type, body));
  }

  [[nodiscard]] sdk::Failure without_a_head() const {
    return {.status = PFLOW_E_UNAVAILABLE,
            .code = "connection_lost",
            .message = request_.method + " " + shown_url(request_.url) +
                       ": the connection was closed before the head of an answer had come",
            .retryable = true};
  }

  static sdk::Value response_of(sdk::Call& call, const ContentType& type, sdk::Value body) {
    sdk::Value text = body;
    const std::string_view bytes = body.as_bytes();
    if (is_windows_1252(type.charset) && !is_ascii(bytes)) text = call.make(from_windows_1252(bytes));
    if (!text.is(sdk::Type::kString) || !may_be_json(type, text.as_string())) return text;
    const std::string_view json = without_mark(text.as_string());
    if (json.empty()) return text;
    const pflow_value* value = sdk::Host::values().from_json(call.handle(), sdk::to_str(json));
    if (value != nullptr) return sdk::Value(value);
    if (is_json(type)) {
      call.log(sdk::Level::kWarn, "the server says that its answer is JSON, but it is not: `response` is its text");
    }
    return text;
  }

  [[nodiscard]] BadAnswer bad_answer(const ContentType& type, sdk::Value body) {
    const bool redirect = status_ >= kFirstRedirect && status_ < kFirstClientError;
    shown_url_ = shown_url(url_);
    head_of_body_ = head_of_body(type, body.as_bytes());
    return {.method = request_.method,
            .url = shown_url_,
            .status = status_,
            .location = redirect ? headers_.get("location") : std::string_view(),
            .head_of_body = head_of_body_,
            .retryable = request_.retries(status_),
            .retry_after_ms = asked_to_wait_ms()};
  }

  [[nodiscard]] std::int64_t asked_to_wait_ms() const {
    const retry_after::Headers asked{headers_.get("retry-after-ms"), headers_.get("retry-after"), headers_.get("date")};
    return retry_after::read_wait(asked, std::chrono::system_clock::now()).value_or(-1);
  }

  sdk::Call call_;
  Request request_;
  std::shared_ptr<sdk::Completion> completion_;
  std::int32_t status_ = 0;
  std::string url_;
  std::string shown_url_;
  std::string head_of_body_;
  ResponseHeaders headers_;
  std::optional<sdk::Buffer> body_;
};

struct Fetch {
  static constexpr std::string_view kType = "fetch";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING;
  using Params = fetch::Params;

  static void describe(sdk::Description& d) {
    d.text(
         "Asks an HTTP server. It ends with an error when the status is not 2xx; the answer can be read all the same.")
        .primary("response", sdk::Output::kAny, "The body: JSON as a value, else text, else bytes")
        .output("status_code", sdk::Output::kInteger, "The status: 200, 404, ...")
        .output("response_headers", sdk::Output::kObject,
                "Names in lower case; several of one name joined with \", \", but set-cookie is always an array")
        .output("response_time_ms", sdk::Output::kNumber, "How long it took, redirects included")
        .output("url", sdk::Output::kString, "What answered in the end, after redirects")
        .retry({.max_attempts = 3, .wait_ms = 500, .backoff = 2, .max_wait_ms = 60'000})
        .extra("uses_http", "true")
        .example("Read JSON", R"({"url": "https://api.example.com/items", "params": {"limit": 10}})")
        .example("Send JSON", R"({"url": "https://api.example.com/items", "body": {"name": "${name}"}})")
        .example(
            "Be patient with a busy server",
            R"({"url": "https://api.example.com/items", "auth_token": "${token}", "retry_on_status": [429, 503]})");
  }

  void run(const Params& params, sdk::Call& call) const {
    Request request = make_request(params, call);
    const auto completion = std::make_shared<sdk::Completion>(call.start_async());
    try {
      auto exchange = std::make_unique<Exchange>(call.handle(), std::move(request), completion);
      const sdk::HttpRequest raw = exchange->for_host();
      sdk::http_send(call.handle(), raw, std::move(exchange));
    } catch (const sdk::Failure& failure) {
      completion->finish(failure);
    }
  }
};

/// The name that pflow's documents use.
struct Http : Fetch {
  static constexpr std::string_view kType = "http";
};

}  // namespace
}  // namespace pflow::fetch

PFLOW_PLUGIN("pflow.fetch", "0.1.0", pflow::fetch::Fetch, pflow::fetch::Http);
