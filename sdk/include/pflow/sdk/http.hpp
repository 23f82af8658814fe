#pragma once
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pflow/sdk/call.hpp"
#include "pflow/sdk/completion.hpp"

/// HTTP through the host (extension "pflow.http/1"): the host pools connections, ends requests with their call, and
/// meters them. A plugin needs no HTTP library and no thread.
namespace pflow::sdk {
inline namespace v1 {

using HttpHeader = pflow_header;

[[nodiscard]] constexpr HttpHeader http_header(std::string_view name, std::string_view value) noexcept {
  return {to_str(name), to_str(value)};
}

/// What is asked. Everything is copied when it is sent. A duration that is not given is the host's.
struct HttpRequest {
  std::string_view method = "GET";
  std::string_view url;
  std::string_view body = {};
  std::vector<HttpHeader> headers = {};
  std::optional<std::chrono::milliseconds> timeout = {};  ///< of the whole exchange; the call's own deadline too
  std::optional<std::chrono::milliseconds> connect_timeout = {};
  std::optional<std::chrono::milliseconds> idle_timeout = {};  ///< without a byte
  std::optional<std::int64_t> max_redirects = {};
  std::optional<std::int64_t> max_response_bytes = {};  ///< after decompression
  std::string_view ca_file = {};
  std::uint32_t flags = 0;  ///< PFLOW_HTTP_*
};

/// The beginning of an answer; valid inside on_head only.
class HttpHead {
 public:
  explicit HttpHead(const pflow_http_head& raw) noexcept : raw_(raw) {}

  [[nodiscard]] std::int32_t status() const noexcept { return raw_.status; }

  [[nodiscard]] std::string_view url() const noexcept { return to_view(raw_.url); }  ///< after redirects

  [[nodiscard]] std::size_t header_count() const noexcept { return raw_.n_headers; }

  [[nodiscard]] const HttpHeader& header_at(std::size_t index) const noexcept { return raw_.headers[index]; }

  /// The first header of this name, in any letter case; nothing: there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < raw_.n_headers; ++i) {
      if (same_name(to_view(raw_.headers[i].name), name)) return to_view(raw_.headers[i].value);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] static bool same_name(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (std::tolower(static_cast<unsigned char>(a[i])) != std::tolower(static_cast<unsigned char>(b[i]))) {
        return false;
      }
    }
    return true;
  }

  const pflow_http_head& raw_;
};

/// How an exchange ended.
struct HttpEnd {
  std::optional<Failure> failure;  ///< nothing: the whole answer came, whatever its status
  std::int64_t bytes_in = 0;
  std::int64_t bytes_out = 0;
  std::chrono::nanoseconds total{};
  std::chrono::nanoseconds time_to_first_byte{};
};

/// Takes one answer as it comes. One function at a time, on the host's I/O thread, so none may wait. What they throw
/// does not get far: from on_head and on_data it aborts the exchange and becomes its failure.
class HttpHandler {
 public:
  HttpHandler() = default;
  HttpHandler(const HttpHandler&) = delete;
  HttpHandler& operator=(const HttpHandler&) = delete;
  virtual ~HttpHandler() = default;

  virtual void on_head(const HttpHead& head) = 0;
  virtual void on_data(std::string_view piece) = 0;
  virtual void on_done(const HttpEnd& end) = 0;  ///< once, always last
};

namespace detail {

struct HttpExchange {
  HttpHandler* handler = nullptr;
  std::unique_ptr<HttpHandler> owned;
  std::optional<Failure> thrown;
  bool ended = false;  // on_done came

  template <class Body>
  bool keep_going(Body&& body) noexcept {
    if (thrown) return false;
    try {
      body();
      return true;
    } catch (const Failure& failure) {
      thrown.emplace(failure);
    } catch (const std::exception& error) {
      thrown.emplace(Failure{.code = "internal", .message = error.what()});
    } catch (...) {
      thrown.emplace(Failure{.code = "internal", .message = "the plugin threw something that is no std::exception"});
    }
    return false;
  }

  static void PFLOW_CALL on_head(void* user, const pflow_http_head* head) noexcept {
    auto* self = static_cast<HttpExchange*>(user);
    self->keep_going([&] { self->handler->on_head(HttpHead(*head)); });
  }

  static pflow_status PFLOW_CALL on_data(void* user, pflow_str piece) noexcept {
    auto* self = static_cast<HttpExchange*>(user);
    const bool more = self->keep_going([&] { self->handler->on_data(to_view(piece)); });
    return static_cast<pflow_status>(more ? PFLOW_OK : PFLOW_E_CANCELLED);
  }

  static HttpEnd end_of(const pflow_http_result& result) {
    HttpEnd end;
    end.bytes_in = result.bytes_in;
    end.bytes_out = result.bytes_out;
    end.total = std::chrono::nanoseconds(result.total_ns);
    end.time_to_first_byte = std::chrono::nanoseconds(result.ttfb_ns);
    if (result.error != nullptr) {
      const pflow_error& e = *result.error;
      end.failure = Failure{.status = e.status,
                            .code = std::string(to_view(e.code)),
                            .message = std::string(to_view(e.message)),
                            .retryable = (e.flags & static_cast<std::uint32_t>(PFLOW_ERR_RETRYABLE)) != 0,
                            .origin_code = e.origin_code,
                            .retry_after_ms = e.retry_after_ms,
                            .detail_json = std::string(to_view(e.detail_json))};
    }
    return end;
  }

  static void PFLOW_CALL on_done(void* user, const pflow_http_result* result) noexcept {
    auto* self = static_cast<HttpExchange*>(user);
    self->ended = true;
    const std::unique_ptr<HttpHandler> owned = std::move(self->owned);
    const std::unique_ptr<HttpExchange> gone(owned != nullptr ? self : nullptr);
    try {
      HttpEnd end = end_of(*result);
      if (self->thrown) end.failure = std::move(self->thrown);
      self->handler->on_done(end);
    } catch (...) {
      Host::log(Level::kError, "a plugin's on_done threw");
    }
  }

  static pflow_http_handler table(HttpExchange& exchange) noexcept {
    return {sizeof(pflow_http_handler), 0, &exchange, &on_head, &on_data, &on_done};
  }

  static pflow_http_request raw(const HttpRequest& r) noexcept {
    const auto ms = [](const auto& time) { return time ? static_cast<std::int64_t>(time->count()) : -1; };
    pflow_http_request raw{};
    raw.struct_size = sizeof raw;
    raw.flags = r.flags;
    raw.method = to_str(r.method);
    raw.url = to_str(r.url);
    raw.body = to_str(r.body);
    raw.ca_file = to_str(r.ca_file);
    raw.headers = r.headers.data();
    raw.n_headers = r.headers.size();
    raw.timeout_ms = ms(r.timeout);
    raw.connect_timeout_ms = ms(r.connect_timeout);
    raw.idle_timeout_ms = ms(r.idle_timeout);
    raw.max_redirects = r.max_redirects.value_or(-1);
    raw.max_response_bytes = r.max_response_bytes.value_or(-1);
    return raw;
  }

  static const pflow_host_http& service() {
    const auto* http = Host::extension<pflow_host_http>(PFLOW_EXT_HTTP);
    if (http == nullptr) {
      throw Failure{.status = PFLOW_E_UNSUPPORTED, .code = "no_http", .message = "this host does not lend HTTP"};
    }
    return *http;
  }

  static void check(pflow_status status) {
    if (status == PFLOW_E_CANCELLED) {
      throw Failure{.status = status, .code = "cancelled", .message = "the call was cancelled"};
    }
    if (status < 0) {
      std::string message = "the host refused the request (status ";
      append_number(message, status);
      message += ')';
      throw Failure{.status = status, .code = "http_refused", .message = std::move(message)};
    }
  }
};

}  // namespace detail

/// Sends `request` for a call that is asynchronous; `handler` lives until its on_done has returned. Gives the number by
/// which `http_abort` knows it. When this throws (a cancelled call too), the handler is gone and was told nothing, with
/// whatever it holds: a Completion in it has ended its call.
inline std::uint64_t http_send(pflow_call* call, const HttpRequest& request, std::unique_ptr<HttpHandler> handler) {
  const pflow_host_http& http = detail::HttpExchange::service();
  auto exchange = std::make_unique<detail::HttpExchange>();
  exchange->handler = handler.get();
  exchange->owned = std::move(handler);
  const pflow_http_request raw = detail::HttpExchange::raw(request);
  const pflow_http_handler table = detail::HttpExchange::table(*exchange);
  std::uint64_t id = 0;
  detail::HttpExchange::check(http.send(call, &raw, &table, &id));
  static_cast<void>(exchange.release());  // on_done frees it; it may have come already
  return id;
}

inline void http_abort(pflow_call* call, std::uint64_t id) noexcept {
  const auto* http = Host::extension<pflow_host_http>(PFLOW_EXT_HTTP);
  if (http != nullptr) http->abort(call, id);
}

/// The same, waiting, for a node that may block: the handler is told on this thread, and has been told all on return,
/// a failure too. When this throws, it was told nothing.
inline void http_perform(Call& call, const HttpRequest& request, HttpHandler& handler) {
  const pflow_host_http& http = detail::HttpExchange::service();
  detail::HttpExchange exchange;
  exchange.handler = &handler;
  const pflow_http_request raw = detail::HttpExchange::raw(request);
  const pflow_http_handler table = detail::HttpExchange::table(exchange);
  const pflow_status status = http.perform(call.handle(), &raw, &table);
  if (!exchange.ended) detail::HttpExchange::check(status);
}

}  // namespace v1
}  // namespace pflow::sdk
