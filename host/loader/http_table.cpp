#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "core/base/redactor.hpp"
#include "core/engine/secret_params.hpp"
#include "host/loader/extension_tables.hpp"
#include "host/loader/http_exchange.hpp"
#include "host/loader/open_call.hpp"
#include "host/loader/plugin.hpp"
#include "host/loader/waiting_exchange.hpp"

// "pflow.http/1", the host half. Entered from foreign code like host_table.cpp; the same rules.
namespace pflow::host {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kRequestSize10 = offsetof(pflow_http_request, max_response_bytes) + sizeof(std::int64_t);
constexpr std::size_t kHandlerSize10 = offsetof(pflow_http_handler, on_done) + sizeof(void*);
constexpr std::size_t kMaxHeaders = 1'000;
constexpr std::int64_t kLongestMs = std::int64_t{365} * 24 * 3600 * 1000;  // any clock can add it to now

bool is_usable(const pflow_http_request* r, const pflow_http_handler* h) noexcept {
  return r != nullptr && h != nullptr && r->struct_size >= kRequestSize10 && h->struct_size >= kHandlerSize10 &&
         r->n_headers <= kMaxHeaders && (r->headers != nullptr || r->n_headers == 0) && h->on_head != nullptr &&
         h->on_data != nullptr && h->on_done != nullptr;
}

std::optional<milliseconds> time_of(std::int64_t ms) noexcept {
  if (ms < 0) return std::nullopt;
  return milliseconds(std::clamp<std::int64_t>(ms, 1, kLongestMs));
}

HttpRequest request_of(const pflow_http_request& r) {
  HttpRequest q;
  q.method = view(r.method);
  q.url = view(r.url);
  q.body = view(r.body);
  q.ca_file = view(r.ca_file);
  for (std::size_t i = 0; i < r.n_headers; ++i)
    q.headers.emplace_back(view(r.headers[i].name), view(r.headers[i].value));
  q.timeout = time_of(r.timeout_ms);
  q.connect_timeout = time_of(r.connect_timeout_ms);
  q.idle_timeout = time_of(r.idle_timeout_ms);
  if (r.max_redirects >= 0) q.max_redirects = static_cast<std::uint32_t>(std::min<std::int64_t>(r.max_redirects, 100));
  if ((r.flags & PFLOW_HTTP_NO_REDIRECT) != 0) q.max_redirects = 0;
  if (r.max_response_bytes >= 0) q.max_response_bytes = r.max_response_bytes;
  q.verify_tls = (r.flags & PFLOW_HTTP_INSECURE_TLS) == 0;
  q.decompress = (r.flags & PFLOW_HTTP_RAW_BODY) == 0;
  return q;
}

// What is a secret by its name goes into no text, whoever wrote it there.
void know_secrets(const HttpRequest& q, CallEvents* events) {
  if (events == nullptr) return;
  const SecretVisitor tell = [&](std::string_view name, const Value& value) { events->secret_resolved(name, value); };
  visit_secrets("url", Value::string(q.url), tell);
  for (const auto& [name, value] : q.headers) {
    if (Redactor::is_secret_name(name)) visit_secrets(name, Value::string(value), tell);
  }
}

// The client that the plugin's call may use; opened outside of the call's lock, for it may take a while.
HttpClient* client_of(pflow_call* c) {
  HttpSource* source = nullptr;
  {
    const std::lock_guard lock(c->mutex);
    if (c->plugin != nullptr) source = c->plugin->services().http;
  }
  if (source == nullptr) return nullptr;
  Result<HttpClient*> client = source->client();
  if (client) return *client;
  const std::lock_guard lock(c->mutex);
  if (c->state == CallState::kOpen) c->host_problem = std::move(client).error();
  return nullptr;
}

pflow_status refusal_of_call(const pflow_call& c) noexcept {
  if (c.call == nullptr) return PFLOW_E_UNSUPPORTED;  // init and create have no time for it
  if (c.completed) return PFLOW_E_INVALID;
  return c.call->cancelled() ? PFLOW_E_CANCELLED : PFLOW_OK;
}

pflow_status PFLOW_CALL send(pflow_call* c, const pflow_http_request* r, const pflow_http_handler* h,
                             std::uint64_t* out_id) noexcept {
  if (c == nullptr || !is_usable(r, h)) return PFLOW_E_INVALID;
  try {
    HttpClient* const client = client_of(c);
    if (client == nullptr) return PFLOW_E_UNSUPPORTED;
    HttpRequest request = request_of(*r);
    return with_open(c, [&]() -> pflow_status {
      if (const pflow_status refused = refusal_of_call(*c); refused != PFLOW_OK) return refused;
      know_secrets(request, c->call->events());
      auto exchange = std::make_unique<HttpExchange>(*c, *h);
      exchange->start(*client, std::move(request), *exchange);
      const HttpExchange* const started = exchange.release();
      if (out_id != nullptr) *out_id = started->id();
      return PFLOW_OK;
    });
  } catch (const std::exception&) {
    return PFLOW_E_NOMEM;
  }
}

// Finds an exchange of the call by its number.
template <typename Use>
void with_exchange(pflow_call* c, std::uint64_t id, Use&& use) noexcept {
  if (c == nullptr) return;
  const std::lock_guard lock(c->mutex);
  const auto found =
      std::find_if(c->exchanges.begin(), c->exchanges.end(), [&](const HttpExchange* e) { return e->id() == id; });
  if (found != c->exchanges.end()) use(**found);
}

void PFLOW_CALL abort_one(pflow_call* c, std::uint64_t id) noexcept {
  with_exchange(c, id, [](const HttpExchange& e) { e.abort(); });
}

void PFLOW_CALL resume(pflow_call* c, std::uint64_t id) noexcept {
  with_exchange(c, id, [](const HttpExchange& e) { e.resume(); });
}

pflow_status PFLOW_CALL perform(pflow_call* c, const pflow_http_request* r, const pflow_http_handler* h) noexcept {
  if (c == nullptr || !is_usable(r, h)) return PFLOW_E_INVALID;
  try {
    HttpClient* const client = client_of(c);
    if (client == nullptr) return PFLOW_E_UNSUPPORTED;
    HttpRequest request = request_of(*r);
    std::optional<WaitingExchange> waiting;
    const pflow_status status = with_open(c, [&]() -> pflow_status {
      if (const pflow_status refused = refusal_of_call(*c); refused != PFLOW_OK) return refused;
      if (c->type->nonblocking) {
        note_fault(*c, "waits for HTTP though its node type says that it does not block");
        return PFLOW_E_UNSUPPORTED;
      }
      know_secrets(request, c->call->events());
      auto exchange = std::make_unique<HttpExchange>(*c, *h);
      exchange->start(*client, std::move(request), waiting.emplace(*exchange));
      static_cast<void>(exchange.release());
      return PFLOW_OK;
    });
    if (status != PFLOW_OK) return status;
    return waiting->serve(*client);
  } catch (const std::exception&) {
    return PFLOW_E_NOMEM;
  }
}

}  // namespace

const pflow_host_http& http_table() noexcept {
  static constexpr pflow_host_http table = {sizeof(pflow_host_http), 0, send, abort_one, resume, perform};
  return table;
}

}  // namespace pflow::host
