#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pflow/plugin.h"

/// The host's HTTP as the rest of the host sees it. What implements it is a module of its own, `pflow-http.so`, which
/// alone knows libcurl and is opened when the first request is sent (http_module.hpp).
namespace pflow::host {

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< http or https, absolute
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string ca_file;                                       ///< empty: what the system trusts
  std::optional<std::chrono::milliseconds> timeout;          ///< of the whole exchange; nothing: none
  std::optional<std::chrono::milliseconds> connect_timeout;  ///< name, connection and TLS; nothing: 30 s
  std::optional<std::chrono::milliseconds> idle_timeout;     ///< without a byte; nothing: none
  std::uint32_t max_redirects = 10;                          ///< 0: a redirect is an answer like any other
  std::int64_t max_response_bytes = std::int64_t{64} << 20;  ///< of the body, after decompression
  bool verify_tls = true;
  bool decompress = true;  ///< asks for gzip and deflate, and undoes them; another Content-Encoding is an error
};

/// The beginning of the final answer; valid inside on_head.
struct HttpHead {
  std::int32_t status = 0;
  std::string_view url;  ///< after redirects
  std::span<const pflow_header> headers;
};

struct HttpError {
  pflow_status status = PFLOW_E_IO;
  std::string code;     ///< "dns_failed", "connect_failed", "tls_failed", "timeout", ...: docs/http.md lists them
  std::string message;  ///< what happened and where; holds no query, no credentials
  bool retryable = false;
};

/// How an exchange ended. Bytes are those of heads and bodies as they crossed the network, redirects included.
struct HttpEnd {
  std::optional<HttpError> error;  ///< nothing: the whole answer came, whatever its status
  std::int32_t status = 0;         ///< of the last head that came; 0: none did
  std::uint32_t redirects = 0;
  bool reused = false;  ///< it went over a connection that was open already
  std::int64_t bytes_in = 0;
  std::int64_t bytes_out = 0;
  // Since the exchange began; 0: it did not come to that.
  std::int64_t dns_ns = 0;
  std::int64_t connect_ns = 0;
  std::int64_t tls_ns = 0;
  std::int64_t ttfb_ns = 0;
  std::int64_t total_ns = 0;
};

enum class HttpFlow : std::uint8_t { kGoOn, kPause, kAbort };

/// Takes one answer as it comes, on the client's one I/O thread: none may wait. What on_head and on_data throw ends the
/// exchange with the error "aborted"; on_done may not throw.
class HttpListener {
 public:
  virtual ~HttpListener() = default;
  virtual void on_head(const HttpHead& head) = 0;
  /// At most 16 KiB. kPause: the piece is taken, the next one comes after `resume`; on_done may come without it, when
  /// there is no next one or the exchange fails. The idle timeout rests in a pause, the whole timeout does not.
  [[nodiscard]] virtual HttpFlow on_data(std::string_view piece) = 0;
  virtual void on_done(const HttpEnd& end) = 0;  ///< once, always last; the client forgets the listener before it
};

/// Many exchanges at once on one I/O thread: connections are pooled, names looked up once. Thread-safe; every function
/// may be called from a listener too, and none waits.
class HttpClient {
 public:
  using Id = std::uint64_t;  ///< never 0, never used again

  virtual ~HttpClient() = default;

  /// `listener` is borrowed until its on_done has returned. Faults of the request too are told there.
  [[nodiscard]] virtual Id send(HttpRequest request, HttpListener& listener) = 0;
  virtual void abort(Id id) = 0;  ///< ends it with the error "cancelled", unless it has ended
  virtual void resume(Id id) = 0;

  struct Load {
    std::size_t exchanges = 0;    ///< sent and not ended
    std::size_t connections = 0;  ///< open, idle ones too
  };

  [[nodiscard]] virtual Load load() const = 0;
};

/// The module's one symbol: makes a client. Its destructor ends what is under way, tells the listeners, and joins the
/// thread. nullptr: `why` says what stood in its way; `host_version` differs from the module's, for one.
using MakeHttpClient = HttpClient* (*)(const char* host_version, std::string& why) noexcept;
inline constexpr const char* kMakeHttpClientName = "pflow_make_http_client";

}  // namespace pflow::host
