#include "host/loader/http_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "host/loader/plugin.hpp"
#include "host/loader/plugin_call.hpp"
#include "host/loader/running_call.hpp"

namespace pflow::host {
namespace {

// A user and password are no part of what is told.
std::string without_credentials(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  const std::size_t begin = scheme + 3;
  const std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, begin)).append(url.substr(begin + at + 1));
}

}  // namespace

HttpExchange::HttpExchange(pflow_call& call, const pflow_http_handler& handler) noexcept
    : call_(call),
      handler_(handler),
      plugin_path_(call.plugin->path().c_str()),
      node_id_(call.call->identity().node_id) {}

void HttpExchange::start(HttpClient& client, HttpRequest request, HttpListener& listener) {
  if (call_.call->events() != nullptr && call_.call->events()->meters()) {
    method_ = request.method;
    url_ = without_credentials(request.url);
  }
  call_.exchanges.push_back(this);
  try {
    client_ = &client;
    id_ = client.send(std::move(request), listener);
  } catch (...) {
    call_.exchanges.pop_back();
    throw;
  }
}

void HttpExchange::on_head(const HttpHead& head) {
  pflow_http_head raw{};
  raw.struct_size = sizeof raw;
  raw.status = head.status;
  raw.url = str(head.url);
  raw.headers = head.headers.data();
  raw.n_headers = head.headers.size();
  const RunningCall running(plugin_path_, node_id_);
  note(call_plugin(handler_.on_head, handler_.user, &raw));
}

HttpFlow HttpExchange::on_data(std::string_view piece) {
  pflow_status status = PFLOW_E_INTERNAL;
  const RunningCall running(plugin_path_, node_id_);
  const Thrown thrown = call_plugin(status, handler_.on_data, handler_.user, str(piece));
  note(thrown);
  if (thrown || status < 0) return HttpFlow::kAbort;
  return status == PFLOW_PENDING ? HttpFlow::kPause : HttpFlow::kGoOn;
}

void HttpExchange::on_done(const HttpEnd& end) {
  report(end);
  tell_done(end);
  std::shared_ptr<Call> ended;
  {
    const std::lock_guard lock(call_.mutex);
    std::erase(call_.exchanges, this);
    ended = end_if_through(call_);
  }
  if (ended) complete(call_, *ended);
  delete this;
}

void HttpExchange::tell_done(const HttpEnd& end) noexcept {
  pflow_error error PFLOW_ERROR_INIT;
  pflow_http_result raw{};
  raw.struct_size = sizeof raw;
  raw.bytes_in = end.bytes_in;
  raw.bytes_out = end.bytes_out;
  raw.total_ns = end.total_ns;
  raw.ttfb_ns = end.ttfb_ns;
  if (end.error) {
    error.status = end.error->status;
    error.flags = end.error->retryable ? PFLOW_ERR_RETRYABLE : 0;
    error.code = str(end.error->code);
    error.message = str(end.error->message);
    raw.error = &error;
  }
  const RunningCall running(plugin_path_, node_id_);
  note(call_plugin(handler_.on_done, handler_.user, &raw));
}

void HttpExchange::note(const Thrown& thrown) noexcept {
  if (!thrown) return;
  const std::lock_guard lock(call_.mutex);
  note_fault(call_, "threw an exception through the ABI from an HTTP handler");
}

void HttpExchange::report(const HttpEnd& end) noexcept {
  if (method_.empty()) return;
  const std::lock_guard lock(call_.mutex);
  if (call_.state != CallState::kOpen) return;
  HttpReport r;
  r.method = std::move(method_);
  r.url = std::move(url_);
  r.attempt = call_.call->attempt();
  r.status = end.status;
  if (end.error) r.error_code = end.error->code;
  r.redirects = end.redirects;
  r.reused = end.reused;
  r.bytes_in = end.bytes_in;
  r.bytes_out = end.bytes_out;
  r.dns_ns = end.dns_ns;
  r.connect_ns = end.connect_ns;
  r.tls_ns = end.tls_ns;
  r.ttfb_ns = end.ttfb_ns;
  r.total_ns = end.total_ns;
  call_.call->events()->http_exchange(*call_.call, std::move(r));
}

void abort_exchanges(pflow_call& c) noexcept {
  for (const HttpExchange* exchange : c.exchanges)
    exchange->abort();
}

}  // namespace pflow::host
