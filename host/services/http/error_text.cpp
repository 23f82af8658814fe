#include "host/services/http/error_text.hpp"

#include <curl/curl.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "host/services/http/event_loop.hpp"

namespace pflow::host {
namespace {

std::string small_first(std::string text) {
  const bool word = text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z');
  if (word) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::string errno_text(int error) {
  return small_first(std::generic_category().message(error));
}

std::string own_words(const CurlFault& f) {
  return small_first(std::string(f.text.empty() ? curl_easy_strerror(static_cast<CURLcode>(f.code)) : f.text));
}

bool is_reset(const CurlFault& f) noexcept {
  return f.os_error == ECONNRESET || f.os_error == EPIPE ||
         f.text.find("SSL_ERROR_SYSCALL") != std::string_view::npos ||
         f.text.find("onnection reset") != std::string_view::npos ||
         f.text.find("unexpected eof") != std::string_view::npos;
}

// "Failed to connect to proxy.example port 3128 after ...": who it was is said nowhere else.
std::string_view connected_to(std::string_view text) noexcept {
  constexpr std::string_view kBefore = "Failed to connect to ";
  if (!text.starts_with(kBefore)) return {};
  text.remove_prefix(kBefore.size());
  return text.substr(0, text.find(' '));
}

bool is_somebody_else(std::string_view peer, std::string_view host) noexcept {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return !peer.empty() && peer != host;
}

HttpError lost(std::string_view name, std::string_view what) {
  return http_error(PFLOW_E_UNAVAILABLE, "connection_lost", name, what, Retry::kYes);
}

HttpError proxy_failed(std::string_view name, std::string_view what) {
  return http_error(PFLOW_E_UNAVAILABLE, "proxy_failed", name, what, Retry::kYes);
}

HttpError not_connected(const CurlFault& f, std::string_view name) {
  if (is_out_of_descriptors(f.socket_error)) {
    return http_error(PFLOW_E_UNAVAILABLE, "too_many_connections", name,
                      "no descriptor is left for a connection (raise the limit: ulimit -n)", Retry::kYes);
  }
  const int error = f.socket_error != 0 ? f.socket_error : f.os_error;
  const std::string why = error != 0 ? errno_text(error) : own_words(f);
  const std::string_view peer = connected_to(f.text);
  if (is_somebody_else(peer, f.host)) return proxy_failed(name, "the proxy " + std::string(peer) + ": " + why);
  if (error == ECONNRESET) return lost(name, "the connection was reset");  // taken, and dropped in the same moment
  return http_error(PFLOW_E_UNAVAILABLE, "connect_failed", name, why, Retry::kYes);
}

HttpError untrusted(const CurlFault& f, std::string_view name) {
  std::string why = own_words(f);
  for (const std::string_view lead : {"SSL certificate problem: ", "SSL: "}) {
    if (why.starts_with(lead)) why.erase(0, lead.size());
  }
  return http_error(
      PFLOW_E_IO, "tls_failed", name,
      "the server's certificate is not trusted: " + why +
          " (name the file of the CA that signed it, or set `verify_tls: false` to trust whoever answers)");
}

HttpError tls_failed(const CurlFault& f, std::string_view name) {
  if (is_reset(f)) return lost(name, "the connection was lost in the TLS handshake");
  std::string what = "the TLS handshake failed: " + own_words(f);
  if (what.find("wrong version number") != std::string::npos) what += " (does the server speak https there?)";
  return http_error(PFLOW_E_IO, "tls_failed", name, what);
}

HttpError bad_ca_file(const CurlFault& f, std::string_view name) {
  const std::string file = f.request != nullptr ? f.request->ca_file : std::string();
  return http_error(PFLOW_E_IO, "tls_failed", name,
                    file.empty() ? "the system's certificates cannot be read: " + own_words(f)
                                 : "the CA file \"" + file + "\" cannot be read as certificates");
}

HttpError broken_off(const CurlFault& f, std::string_view name) {
  if (f.connect_status >= 300)
    return proxy_failed(name, "the proxy refused the connection (status " + std::to_string(f.connect_status) + ")");
  if (f.os_error == ECONNRESET || f.os_error == EPIPE) return lost(name, "the connection was reset");
  return lost(name, own_words(f));
}

}  // namespace

std::string exchange_name(std::string_view method, std::string_view shown_url) {
  std::string name(method);
  name += ' ';
  name += shown_url;
  return name;
}

HttpError http_error(pflow_status status, std::string_view code, std::string_view name, std::string_view what,
                     Retry retry) {
  HttpError e;
  e.status = status;
  e.code = code;
  e.message = name;
  if (!name.empty()) e.message += ": ";
  e.message += what;
  e.retryable = retry == Retry::kYes;
  return e;
}

HttpError http_error(const CurlFault& fault, std::string_view name) {
  switch (fault.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return http_error(PFLOW_E_UNAVAILABLE, "dns_failed", name,
                        "the name \"" + std::string(fault.host) + "\" has no address", Retry::kYes);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return proxy_failed(name, own_words(fault));
    case CURLE_PROXY:
      return proxy_failed(name, "the proxy refused the connection: " + own_words(fault));
    case CURLE_COULDNT_CONNECT:
      return not_connected(fault, name);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return untrusted(fault, name);
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
      return bad_ca_file(fault, name);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_ENGINE_INITFAILED:
      return tls_failed(fault, name);
    case CURLE_GOT_NOTHING:
      return lost(name, "the connection was closed before an answer came");
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return broken_off(fault, name);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_FILESIZE_EXCEEDED:
      return http_error(PFLOW_E_IO, "bad_response", name,
                        "what answered is not HTTP as it should be: " + own_words(fault));
    case CURLE_URL_MALFORMAT:
      return http_error(PFLOW_E_INVALID, "invalid_url", name, own_words(fault));
    case CURLE_OUT_OF_MEMORY:
      return http_error(PFLOW_E_NOMEM, "out_of_memory", name, "no memory is left");
    default:
      return http_error(PFLOW_E_IO, "http_failed", name, own_words(fault));
  }
}

}  // namespace pflow::host
