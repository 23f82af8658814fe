#pragma once

#include <string>
#include <string_view>

#include "pflow/plugin.h"

#include "host/loader/plugin_guard.hpp"
#include "host/services/http/http_client.hpp"

namespace pflow::host {

/// One HTTP exchange of a plugin's call, between the client and the plugin's handler.
///
/// It belongs to its call until the plugin's on_done has returned: a call does not end before that, and one that is to
/// end has its exchanges aborted. Frees itself after on_done.
class HttpExchange final : public HttpListener {
 public:
  HttpExchange(pflow_call& call, const pflow_http_handler& handler) noexcept;

  /// Puts it among the call's exchanges and sends it; `listener` hands everything on to this. The caller holds the
  /// call's mutex. Throws std::bad_alloc, and is then not among them.
  void start(HttpClient& client, HttpRequest request, HttpListener& listener);

  void abort() const { client_->abort(id_); }  ///< the caller holds the call's mutex

  void resume() const { client_->resume(id_); }  ///< the same

  [[nodiscard]] HttpClient::Id id() const noexcept { return id_; }

  void on_head(const HttpHead& head) override;
  [[nodiscard]] HttpFlow on_data(std::string_view piece) override;
  void on_done(const HttpEnd& end) override;

 private:
  void note(const Thrown& thrown) noexcept;
  void report(const HttpEnd& end) noexcept;
  void tell_done(const HttpEnd& end) noexcept;

  pflow_call& call_;
  pflow_http_handler handler_;
  const char* plugin_path_;
  std::string_view node_id_;  // lives as long as the run
  std::string method_;
  std::string url_;
  HttpClient* client_ = nullptr;  // this and the id: under the call's mutex
  HttpClient::Id id_ = 0;
};

/// Asks the client to end all exchanges of a call. The caller holds the call's mutex.
void abort_exchanges(pflow_call& c) noexcept;

}  // namespace pflow::host
