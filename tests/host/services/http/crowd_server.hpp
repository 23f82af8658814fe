#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace pflow::host {

/// Takes any number of requests on one thread and answers none until it is told to; from then on at once.
class CrowdServer {
 public:
  CrowdServer();
  CrowdServer(const CrowdServer&) = delete;
  CrowdServer& operator=(const CrowdServer&) = delete;
  ~CrowdServer();

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

  void wait_for(std::size_t requests);  ///< throws when they do not come within 30 s
  void answer_all();

 private:
  void serve();
  void read(int socket);
  void answer(int socket);
  void drop(int socket);

  std::uint16_t port_ = 0;
  int listener_ = -1;
  int poll_ = -1;
  int wake_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool answering_ = false;
  std::size_t requests_ = 0;
  std::vector<int> waiting_;
  std::unordered_map<int, std::string> received_;
  std::thread thread_;
};

}  // namespace pflow::host
