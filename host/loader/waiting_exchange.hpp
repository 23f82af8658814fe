#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "host/loader/http_exchange.hpp"

namespace pflow::host {

/// Carries an exchange's events from the client's thread to one that waits for them, so that a plugin which may block
/// is told on its own thread. Holds 1 MiB at most: beyond that the client pauses.
class WaitingExchange final : public HttpListener {
 public:
  explicit WaitingExchange(HttpExchange& exchange) noexcept : exchange_(exchange) {}

  // The client's thread.
  void on_head(const HttpHead& head) override;
  [[nodiscard]] HttpFlow on_data(std::string_view piece) override;
  void on_done(const HttpEnd& end) override;

  /// Hands everything on to the exchange, which is gone afterwards; returns when it has ended. How it ended: a status
  /// of the ABI.
  [[nodiscard]] pflow_status serve(HttpClient& client) noexcept;

 private:
  struct Head {
    std::int32_t status = 0;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
  };

  using Event = std::variant<Head, std::string, HttpEnd>;

  void push(Event event, std::size_t bytes);
  [[nodiscard]] Event pop(HttpClient& client);
  [[nodiscard]] bool hand_on(const Event& event);
  void tell_head(const Head& head);

  HttpExchange& exchange_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Event> events_;
  std::size_t waiting_bytes_ = 0;
  bool paused_ = false;
};

}  // namespace pflow::host
