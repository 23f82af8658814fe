#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/services/http/http_client.hpp"

namespace pflow::host {

/// Collects one answer and waits for its end.
class Answer : public HttpListener {
 public:
  std::function<HttpFlow(std::string_view)> on_piece = [](std::string_view) { return HttpFlow::kGoOn; };
  std::function<void()> on_end = [] {};

  void on_head(const HttpHead& head) override {
    const std::lock_guard lock(mutex_);
    ++heads;
    status = head.status;
    url = head.url;
    for (const pflow_header& h : head.headers)
      headers.emplace_back(std::string(h.name.ptr, h.name.len), std::string(h.value.ptr, h.value.len));
    changed_.notify_all();
  }

  HttpFlow on_data(std::string_view piece) override {
    const std::lock_guard lock(mutex_);
    body += piece;
    largest_piece = std::max(largest_piece, piece.size());
    changed_.notify_all();
    return on_piece(piece);
  }

  void on_done(const HttpEnd& how) override {
    on_end();
    const std::lock_guard lock(mutex_);
    ++ends;
    end = how;
    changed_.notify_all();
  }

  /// Throws when it does not come to that within 30 s.
  void wait_until(const std::function<bool()>& done) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(30), done)) throw std::runtime_error("the answer hangs");
  }

  const HttpEnd& wait() {
    wait_until([this] { return ends > 0; });
    return end;
  }

  /// For a look while it is under way.
  [[nodiscard]] bool ended() {
    const std::lock_guard lock(mutex_);
    return ends > 0;
  }

  // All that follows is for after the end.
  [[nodiscard]] std::string error_code() const { return end.error ? end.error->code : ""; }

  [[nodiscard]] std::string error_message() const { return end.error ? end.error->message : ""; }

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
    for (const auto& [n, value] : headers) {
      if (n == name) return value;
    }
    return std::nullopt;
  }

  int heads = 0;
  int ends = 0;
  std::int32_t status = 0;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::size_t largest_piece = 0;
  HttpEnd end;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// A client of its own from the module beside the test program. Throws when there is none.
[[nodiscard]] std::unique_ptr<HttpClient> new_client();

[[nodiscard]] inline HttpRequest get(std::string url) {
  HttpRequest r;
  r.url = std::move(url);
  return r;
}

[[nodiscard]] inline HttpRequest post(std::string url, std::string body) {
  HttpRequest r = get(std::move(url));
  r.method = "POST";
  r.body = std::move(body);
  return r;
}

}  // namespace pflow::host
