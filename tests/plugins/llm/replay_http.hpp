#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "host/services/host_services.hpp"

namespace pflow::llm::test {

/// One exchange to play: a head (status 0: none comes), pieces of a body, and how it ends.
struct Played {
  std::int32_t status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::vector<std::string> pieces = {};
  std::optional<host::HttpError> error = {};
};

/// An HTTP client without a network: the first request gets the first exchange, and so on; a request beyond them fails.
class ReplayHttp final : public host::HttpSource, public host::HttpClient {
 public:
  explicit ReplayHttp(std::vector<Played> exchanges) : exchanges_(std::move(exchanges)) {}

  ~ReplayHttp() override { join(); }

  /// Waits for the exchanges; none is sent meanwhile.
  void join() {
    for (std::thread& thread : threads_)
      thread.join();
    threads_.clear();
  }

  [[nodiscard]] Result<host::HttpClient*> client() override { return static_cast<host::HttpClient*>(this); }

  [[nodiscard]] Id send(host::HttpRequest request, host::HttpListener& listener) override {
    const std::lock_guard lock(mutex_);
    const std::size_t index = requests_.size();
    requests_.push_back(std::move(request));
    const Played played = index < exchanges_.size() ? exchanges_[index] : none_left();
    threads_.emplace_back([played, &listener] { play(played, listener); });
    return index + 1;
  }

  void abort(Id /*id*/) override {}

  void resume(Id /*id*/) override {}

  [[nodiscard]] Load load() const override { return {}; }

  [[nodiscard]] std::vector<host::HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  static Played none_left() {
    return {.status = 0, .error = host::HttpError{PFLOW_E_IO, "none_left", "nothing is left to be played", false}};
  }

  static void play(const Played& played, host::HttpListener& listener) {
    std::vector<pflow_header> headers;
    for (const auto& [name, value] : played.headers)
      headers.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
    host::HttpHead head;
    head.status = played.status;
    head.headers = headers;
    if (played.status != 0) listener.on_head(head);
    host::HttpEnd end;
    end.error = played.error;
    for (const std::string& piece : played.pieces) {
      if (listener.on_data(piece) != host::HttpFlow::kAbort) continue;
      end.error = host::HttpError{PFLOW_E_CANCELLED, "cancelled", "aborted", false};
      break;
    }
    end.status = played.status;
    listener.on_done(end);
  }

  mutable std::mutex mutex_;
  std::vector<Played> exchanges_;
  std::vector<host::HttpRequest> requests_;
  std::vector<std::thread> threads_;
};

/// Keys and settings out of a map.
class MapSettings final : public host::SettingSource {
 public:
  explicit MapSettings(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}

  [[nodiscard]] Result<std::optional<std::string>> secret(std::string_view name) override { return find(name); }

  [[nodiscard]] Result<std::optional<std::string>> setting(std::string_view name) override { return find(name); }

 private:
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }

  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace pflow::llm::test
