#include "host/loader/waiting_exchange.hpp"

#include <algorithm>
#include <new>

#include "host/loader/plugin_call.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kMaxWaitingBytes = std::size_t{1} << 20;

}  // namespace

void WaitingExchange::push(Event event, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(event));
  waiting_bytes_ += bytes;
  more_.notify_one();  // under the lock: after the last event this may be gone as soon as it is released
}

void WaitingExchange::on_head(const HttpHead& head) {
  Head kept{head.status, std::string(head.url), {}};
  for (const pflow_header& h : head.headers)
    kept.headers.emplace_back(view(h.name), view(h.value));
  push(std::move(kept), 0);
}

HttpFlow WaitingExchange::on_data(std::string_view piece) {
  const std::lock_guard lock(mutex_);
  events_.emplace_back(std::string(piece));
  waiting_bytes_ += piece.size();
  more_.notify_one();
  paused_ = waiting_bytes_ > kMaxWaitingBytes;
  return paused_ ? HttpFlow::kPause : HttpFlow::kGoOn;
}

void WaitingExchange::on_done(const HttpEnd& end) {
  push(end, 0);
}

WaitingExchange::Event WaitingExchange::pop(HttpClient& client) {
  bool resume = false;
  std::unique_lock lock(mutex_);
  more_.wait(lock, [&] { return !events_.empty(); });
  Event event = std::move(events_.front());
  events_.pop_front();
  if (const auto* piece = std::get_if<std::string>(&event)) waiting_bytes_ -= piece->size();
  if (paused_ && waiting_bytes_ <= kMaxWaitingBytes / 2) {
    paused_ = false;
    resume = true;
  }
  lock.unlock();
  if (resume) client.resume(exchange_.id());
  return event;
}

void WaitingExchange::tell_head(const Head& head) {
  std::vector<pflow_header> headers;
  headers.reserve(head.headers.size());
  for (const auto& [name, value] : head.headers)
    headers.push_back({str(name), str(value)});
  exchange_.on_head({head.status, head.url, headers});
}

// False: the handler wants no more. A pause is none here: a handler that is told on a thread of its own may take its
// time, and nobody could resume it.
bool WaitingExchange::hand_on(const Event& event) {
  try {
    if (const auto* head = std::get_if<Head>(&event)) {
      tell_head(*head);
      return true;
    }
    return exchange_.on_data(std::get<std::string>(event)) != HttpFlow::kAbort;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

pflow_status WaitingExchange::serve(HttpClient& client) noexcept {
  bool refused = false;
  while (true) {
    Event event = pop(client);
    if (auto* const end = std::get_if<HttpEnd>(&event)) {
      if (refused && !end->error) {  // all of it had come; the texts need no memory, which may be what is short
        end->error = HttpError{PFLOW_E_CANCELLED, "aborted", "it was aborted", false};
      } else if (refused && end->error->code == "cancelled") {
        end->error->code = "aborted";
      }
      const pflow_status status = end->error ? end->error->status : static_cast<pflow_status>(PFLOW_OK);
      exchange_.on_done(*end);
      return status;
    }
    if (refused || hand_on(event)) continue;
    refused = true;
    client.abort(exchange_.id());
  }
}

}  // namespace pflow::host
