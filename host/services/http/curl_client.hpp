#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "host/services/http/curl_handles.hpp"
#include "host/services/http/event_loop.hpp"
#include "host/services/http/exchange.hpp"
#include "host/services/http/http_client.hpp"
#include "host/services/http/name_gate.hpp"

namespace pflow::host {

/// HttpClient over libcurl's multi interface: what others ask of it goes through a queue to the I/O thread, which alone
/// touches libcurl. Costs O(log exchanges) an event.
class CurlClient final : public HttpClient, private ExchangeOwner {
 public:
  CurlClient();  ///< throws std::system_error, std::bad_alloc
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  ~CurlClient() override;

  [[nodiscard]] Id send(HttpRequest request, HttpListener& listener) override;
  void abort(Id id) override;
  void resume(Id id) override;
  [[nodiscard]] Load load() const override;

 private:
  using Time = Exchange::Time;

  struct Command {
    enum class Kind : std::uint8_t { kSend, kAbort, kResume };

    Kind kind;
    Id id;
    std::unique_ptr<Exchange> exchange = {};
  };

  // Any thread.
  void post(Command command);

  // The I/O thread.
  void run();
  bool take_commands();
  [[nodiscard]] std::optional<std::chrono::nanoseconds> time_to_sleep();
  void obey(Command& command);
  void begin(std::unique_ptr<Exchange> exchange);
  void enter(Exchange& exchange);
  void start_hop(Exchange& exchange, EasyHandle easy);
  void make_multi();
  void drive(int socket, int events);
  void start_anew();
  void reap();
  void let_in();
  void check_timers(Time now);
  void set_timer(Exchange& exchange);
  void leave_libcurl(Exchange& exchange);
  void end(Exchange& exchange);
  void end_all();
  void those_who_waited_fail_too(const Exchange& leader, int curl_code);

  void went_ahead(Exchange& exchange, NameGate::Outcome outcome) override;
  void socket_opened() noexcept override;
  void socket_closed() noexcept override;

  static int socket_changed(CURL* easy, curl_socket_t socket, int what, void* self, void* known) noexcept;
  static int timer_changed(CURLM* multi, long timeout_ms, void* self) noexcept;

  EventLoop loop_;
  std::atomic<std::size_t> connections_{0};  // counted down when the multi handle goes
  std::atomic<std::size_t> count_{0};
  std::atomic<Id> next_id_{1};
  MultiHandle multi_;
  EasyPool easy_pool_;

  mutable std::mutex mutex_;
  std::vector<Command> queue_;
  bool asleep_ = false;
  bool stop_ = false;

  // The I/O thread's.
  std::vector<Command> commands_;
  std::unordered_map<Id, std::unique_ptr<Exchange>> exchanges_;
  std::set<std::pair<Time, Id>> timers_;
  std::optional<Time> curl_timer_;
  CURLMcode broken_ = CURLM_OK;  // why the multi handle does nothing more
  UrlMemory urls_;
  std::size_t roomy_for_ = 0;  ///< exchanges at once for which there is memory at hand
  NameGate gate_;
  std::vector<std::pair<std::string, NameGate::Outcome>> gone_ahead_;

  std::thread thread_;  // last: runs on all of the above
};

}  // namespace pflow::host
