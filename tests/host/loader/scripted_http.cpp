#include "tests/host/loader/scripted_http.hpp"

#include <utility>

namespace pflow::host::test {
namespace {

constexpr std::size_t kBigBytes = std::size_t{4} << 20;
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

}  // namespace

ScriptedHttp::ScriptedHttp() : thread_([this] { serve(); }) {}

ScriptedHttp::~ScriptedHttp() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    more_.notify_all();
  }
  thread_.join();
}

void ScriptedHttp::post(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  more_.notify_all();
}

void ScriptedHttp::serve() {
  while (true) {
    std::vector<std::function<void()>> tasks;
    {
      std::unique_lock lock(mutex_);
      more_.wait(lock, [&] { return stop_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      tasks.swap(tasks_);
    }
    for (const auto& task : tasks)
      task();
  }
}

HttpClient::Id ScriptedHttp::send(HttpRequest request, HttpListener& listener) {
  Id id = 0;
  std::string url = request.url;
  {
    const std::lock_guard lock(mutex_);
    id = ++last_id_;
    requests_.push_back(std::move(request));
  }
  post([this, id, url = std::move(url), &listener] {
    open_[id].listener = &listener;
    begin(id, url);
  });
  return id;
}

void ScriptedHttp::begin(Id id, const std::string& url) {
  HttpListener& listener = *open_[id].listener;
  if (url.ends_with("/refused")) {
    return end(id, HttpError{PFLOW_E_UNAVAILABLE, "connect_failed", "GET http://x/refused: refused", true});
  }
  if (!url.ends_with("/ok") && !url.ends_with("/big")) return;
  HttpHead head;
  head.status = 200;
  head.url = url;
  listener.on_head(head);
  if (url.ends_with("/big")) {
    open_[id].to_send = kBigBytes;
    return go_on(id);
  }
  const HttpFlow flow = listener.on_data("fine");
  end(id, flow == HttpFlow::kAbort ? std::optional(HttpError{PFLOW_E_CANCELLED, "aborted", "", false}) : std::nullopt);
}

void ScriptedHttp::go_on(Id id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  const std::string piece(kPieceBytes, 'x');
  while (found->second.to_send > 0) {
    found->second.to_send -= kPieceBytes;
    if (found->second.listener->on_data(piece) == HttpFlow::kPause) {
      const std::lock_guard lock(mutex_);
      ++pauses_;
      return;
    }
  }
  end(id, std::nullopt);
}

void ScriptedHttp::end(Id id, std::optional<HttpError> error) {
  const auto node = open_.extract(id);
  if (node.empty()) return;
  HttpEnd end;
  end.status = error ? 0 : 200;
  end.error = std::move(error);
  end.bytes_in = 100;
  node.mapped().listener->on_done(end);
}

void ScriptedHttp::abort(Id id) {
  post([this, id] { end(id, HttpError{PFLOW_E_CANCELLED, "cancelled", "GET: cancelled", false}); });
}

void ScriptedHttp::resume(Id id) {
  post([this, id] { go_on(id); });
}

HttpClient::Load ScriptedHttp::load() const {
  return {};
}

std::vector<HttpRequest> ScriptedHttp::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedHttp::pauses() const {
  const std::lock_guard lock(mutex_);
  return pauses_;
}

}  // namespace pflow::host::test
