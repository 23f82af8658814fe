#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host/services/host_services.hpp"

namespace pflow::host::test {

/// An HTTP client without a network: what the URL's path says happens. /ok answers 200 "fine", /refused fails, /big
/// sends 4 MiB as long as it is not paused, anything else waits for its abort. One thread, as the real one has.
class ScriptedHttp final : public HttpSource, public HttpClient {
 public:
  ScriptedHttp();
  ~ScriptedHttp() override;

  [[nodiscard]] Result<HttpClient*> client() override { return static_cast<HttpClient*>(this); }

  [[nodiscard]] Id send(HttpRequest request, HttpListener& listener) override;
  void abort(Id id) override;
  void resume(Id id) override;
  [[nodiscard]] Load load() const override;

  [[nodiscard]] std::vector<HttpRequest> requests() const;
  [[nodiscard]] std::size_t pauses() const;

 private:
  struct Open {
    HttpListener* listener = nullptr;
    std::size_t to_send = 0;
  };

  void serve();
  void begin(Id id, const std::string& url);
  void go_on(Id id);
  void end(Id id, std::optional<HttpError> error);
  void post(std::function<void()> task);

  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::function<void()>> tasks_;
  std::vector<HttpRequest> requests_;
  std::size_t pauses_ = 0;
  Id last_id_ = 0;
  bool stop_ = false;
  std::map<Id, Open> open_;  // the thread's
  std::thread thread_;       // last: it uses all of the above
};

}  // namespace pflow::host::test
