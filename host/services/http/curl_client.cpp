#include "host/services/http/curl_client.hpp"

#include <algorithm>
#include <new>

#include "host/services/http/error_text.hpp"

namespace pflow::host {
namespace {

constexpr long kMostStreams = 250;  // on one HTTP/2 connection, if its server takes as many
constexpr std::size_t kRoomForFirst = 32;
constexpr std::size_t kRoomForMost = 1024;
constexpr std::size_t kBytesOfAnExchange = 24U << 10;  // most of it libcurl's read buffer

// Descriptors that are left to everybody else.
std::size_t most_connections() noexcept {
  const std::size_t limit = raise_descriptor_limit();
  return limit - std::min(limit / 2, std::max<std::size_t>(64, limit / 8));
}

HttpError cancelled(const Exchange& exchange) {
  return http_error(PFLOW_E_CANCELLED, "cancelled", exchange.name(), "it was cancelled");
}

}  // namespace

CurlClient::CurlClient()
    : gate_([this](Id id) {
        const auto found = exchanges_.find(id);
        return found != exchanges_.end() && !found->second->transferring;
      }) {
  make_multi();
  thread_ = std::thread([this] { run(); });
}

void CurlClient::make_multi() {
  multi_.reset(curl_multi_init());
  if (multi_ == nullptr) throw std::bad_alloc();
  const auto most = static_cast<long>(most_connections());
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &socket_changed);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &timer_changed);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, most);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, kMostStreams);
}

CurlClient::~CurlClient() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  loop_.wake();
  thread_.join();
  easy_pool_ = {};
  multi_.reset();  // closes the connections, and says so to this
}

HttpClient::Id CurlClient::send(HttpRequest request, HttpListener& listener) {
  const Id id = next_id_.fetch_add(1, std::memory_order_relaxed);
  auto exchange = std::make_unique<Exchange>(id, std::move(request), listener);
  count_.fetch_add(1, std::memory_order_relaxed);
  post({Command::Kind::kSend, id, std::move(exchange)});
  return id;
}

void CurlClient::abort(Id id) {
  post({Command::Kind::kAbort, id});
}

void CurlClient::resume(Id id) {
  post({Command::Kind::kResume, id});
}

HttpClient::Load CurlClient::load() const {
  return {count_.load(std::memory_order_relaxed), connections_.load(std::memory_order_relaxed)};
}

void CurlClient::post(Command command) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(command));
    wake = std::exchange(asleep_, false);
  }
  if (wake) loop_.wake();
}

void CurlClient::run() {
  become_io_thread();
  while (take_commands()) {
    for (Command& c : commands_)
      obey(c);
    commands_.clear();
    let_in();
    for (const EventLoop::Ready& r : loop_.wait(time_to_sleep())) {
      drive(r.socket, (r.readable ? CURL_CSELECT_IN : 0) | (r.writable ? CURL_CSELECT_OUT : 0) |
                          (r.failed ? CURL_CSELECT_IN | CURL_CSELECT_OUT | CURL_CSELECT_ERR : 0));
    }
    const Time now = Exchange::Clock::now();
    if (curl_timer_ && *curl_timer_ <= now) {
      curl_timer_.reset();
      drive(CURL_SOCKET_TIMEOUT, 0);
    }
    reap();
    check_timers(now);
    if (broken_ != CURLM_OK) start_anew();
  }
  end_all();
}

// False: the client is to end.
bool CurlClient::take_commands() {
  const std::lock_guard lock(mutex_);
  asleep_ = false;
  commands_.swap(queue_);
  return !stop_;
}

std::optional<std::chrono::nanoseconds> CurlClient::time_to_sleep() {
  std::optional<Time> until = curl_timer_;
  if (!timers_.empty() && (!until || timers_.begin()->first < *until)) until = timers_.begin()->first;
  const std::lock_guard lock(mutex_);
  if (!queue_.empty() || stop_) return std::chrono::nanoseconds{0};
  asleep_ = true;
  if (!until) return std::nullopt;
  return std::max<std::chrono::nanoseconds>(*until - Exchange::Clock::now(), std::chrono::nanoseconds{0});
}

void CurlClient::obey(Command& command) {
  if (command.kind == Command::Kind::kSend) {
    begin(std::move(command.exchange));
    return;
  }
  const auto found = exchanges_.find(command.id);
  if (found == exchanges_.end()) return;
  Exchange& exchange = *found->second;
  if (command.kind == Command::Kind::kAbort) {
    exchange.fail(cancelled(exchange));
    end(exchange);
  } else if (!exchange.resume()) {
    end(exchange);
  } else {
    set_timer(exchange);
  }
}

void CurlClient::begin(std::unique_ptr<Exchange> owned) {
  Exchange& exchange = *owned;
  exchanges_.emplace(exchange.id(), std::move(owned));
  if (exchanges_.size() > roomy_for_ && roomy_for_ < kRoomForMost) {
    roomy_for_ = std::max(2 * roomy_for_, kRoomForFirst);
    make_thread_roomy(roomy_for_ * kBytesOfAnExchange);
  }
  if (!exchange.check(urls_)) {
    end(exchange);
    return;
  }
  set_timer(exchange);
  enter(exchange);
}

void CurlClient::enter(Exchange& exchange) {
  switch (gate_.enter(exchange.place(), exchange.id(), Exchange::Clock::now())) {
    case NameGate::Verdict::kWait:
      return;
    case NameGate::Verdict::kGoAhead:
      exchange.ahead = true;
      break;
    case NameGate::Verdict::kGo:
      break;
  }
  start_hop(exchange, easy_pool_.take());
}

void CurlClient::start_hop(Exchange& exchange, EasyHandle easy) {
  if (!exchange.prepare(std::move(easy), *this)) {
    end(exchange);
    return;
  }
  exchange.transferring = true;
  if (curl_multi_add_handle(multi_.get(), exchange.easy()) != CURLM_OK) {
    exchange.transferring = false;
    exchange.fail_as(CURLE_OUT_OF_MEMORY);
    end(exchange);
    return;
  }
  set_timer(exchange);
}

void CurlClient::drive(int socket, int events) {
  int running = 0;
  const CURLMcode code = curl_multi_socket_action(multi_.get(), socket, events, &running);
  if (code != CURLM_OK) broken_ = code;
}

// A multi handle that failed, as when a socket could not be watched, does nothing more: what it had ends with the
// reason, and what comes later gets a new one.
void CurlClient::start_anew() {
  const std::string why = curl_multi_strerror(std::exchange(broken_, CURLM_OK));
  std::vector<Id> all;
  for (const auto& [id, exchange] : exchanges_) {
    if (exchange->transferring) all.push_back(id);
  }
  for (const Id id : all) {
    const auto found = exchanges_.find(id);
    if (found == exchanges_.end()) continue;
    found->second->fail(http_error(PFLOW_E_IO, "http_failed", found->second->name(), why));
    end(*found->second);
  }
  curl_timer_.reset();
  make_multi();
}

void CurlClient::reap() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    void* self = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
    auto& exchange = *static_cast<Exchange*>(self);
    const int result = message->data.result;  // the message goes with the handle
    const bool no_address = result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_COULDNT_RESOLVE_PROXY;
    if (no_address && std::exchange(exchange.ahead, false)) those_who_waited_fail_too(exchange, result);
    leave_libcurl(exchange);
    if (exchange.hop_done(result) == Exchange::Next::kEnd) {
      end(exchange);
      continue;
    }
    easy_pool_.give_back(exchange.give_up_easy());
    enter(exchange);
  }
}

void CurlClient::those_who_waited_fail_too(const Exchange& leader, int curl_code) {
  for (const Id id : gate_.failed(leader.place())) {
    const auto found = exchanges_.find(id);
    if (found == exchanges_.end()) continue;
    found->second->fail_as(curl_code);
    end(*found->second);
  }
}

// Until nobody who waited may begin: who begins may end at once and let others in.
void CurlClient::let_in() {
  const auto admit = [this](Id id) {
    const auto found = exchanges_.find(id);
    if (found != exchanges_.end() && !found->second->transferring) enter(*found->second);
  };
  while (true) {
    const auto gone = std::exchange(gone_ahead_, {});
    for (const auto& [place, outcome] : gone) {
      for (const Id id : gate_.passed(place, outcome, Exchange::Clock::now()))
        admit(id);
    }
    const std::optional<Id> next = gate_.next_turn();
    if (next) admit(*next);
    if (gone_ahead_.empty() && !next) return;
  }
}

void CurlClient::check_timers(Time now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const Id id = timers_.begin()->second;
    timers_.erase(timers_.begin());
    Exchange& exchange = *exchanges_.at(id);
    exchange.timer.reset();
    if (exchange.overdue(now)) {
      end(exchange);
    } else {
      set_timer(exchange);
    }
  }
}

// A later time needs no change: when the entry is due, the exchange is asked again.
void CurlClient::set_timer(Exchange& exchange) {
  const std::optional<Time> next = exchange.next_check();
  if (!next || (exchange.timer && *exchange.timer <= *next)) return;
  if (exchange.timer) timers_.erase({*exchange.timer, exchange.id()});
  timers_.emplace(*next, exchange.id());
  exchange.timer = next;
}

void CurlClient::leave_libcurl(Exchange& exchange) {
  if (std::exchange(exchange.transferring, false)) curl_multi_remove_handle(multi_.get(), exchange.easy());
  if (exchange.ahead) went_ahead(exchange, NameGate::Outcome::kNothingLearned);
}

void CurlClient::end(Exchange& exchange) {
  const bool was_cut = exchange.transferring;
  leave_libcurl(exchange);
  if (was_cut) exchange.account();
  if (exchange.timer) timers_.erase({*exchange.timer, exchange.id()});
  easy_pool_.give_back(exchange.give_up_easy());
  const auto node = exchanges_.extract(exchange.id());
  count_.fetch_sub(1, std::memory_order_relaxed);
  exchange.tell_end(Exchange::Clock::now());
}

void CurlClient::end_all() {
  for (bool more = true; more;) {
    for (Command& c : commands_) {
      if (c.exchange == nullptr) continue;
      Exchange& exchange = *c.exchange;
      exchanges_.emplace(c.id, std::move(c.exchange));
      if (!exchange.check(urls_)) end(exchange);
    }
    commands_.clear();
    while (!exchanges_.empty()) {
      Exchange& exchange = *exchanges_.begin()->second;
      exchange.fail(cancelled(exchange));
      end(exchange);
    }
    // Listeners may have sent more.
    take_commands();
    more = !commands_.empty();
  }
}

void CurlClient::went_ahead(Exchange& exchange, NameGate::Outcome outcome) {
  if (std::exchange(exchange.ahead, false)) gone_ahead_.emplace_back(exchange.place(), outcome);
}

void CurlClient::socket_opened() noexcept {
  connections_.fetch_add(1, std::memory_order_relaxed);
}

void CurlClient::socket_closed() noexcept {
  connections_.fetch_sub(1, std::memory_order_relaxed);
}

int CurlClient::socket_changed(CURL* /*easy*/, curl_socket_t socket, int what, void* self, void* known) noexcept {
  auto* client = static_cast<CurlClient*>(self);
  if (what == CURL_POLL_REMOVE) {
    client->loop_.forget(socket);
    return 0;
  }
  const bool read = (what & CURL_POLL_IN) != 0;
  const bool write = (what & CURL_POLL_OUT) != 0;
  if (client->loop_.watch(socket, read, write, known != nullptr) != 0) return -1;
  if (known == nullptr) curl_multi_assign(client->multi_.get(), socket, client);
  return 0;
}

int CurlClient::timer_changed(CURLM* /*multi*/, long timeout_ms, void* self) noexcept {
  auto* client = static_cast<CurlClient*>(self);
  client->curl_timer_.reset();
  if (timeout_ms >= 0) client->curl_timer_ = Exchange::Clock::now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

}  // namespace pflow::host
