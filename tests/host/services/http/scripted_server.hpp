#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pflow::host {

/// One connection to a ScriptedServer, seen from the server.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}

  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  /// A whole request, head and body as they came; empty when the client has gone.
  std::string read_request();
  void send(std::string_view bytes);
  /// "HTTP/1.1 200 OK", its length and `body`.
  void answer(std::string_view body, std::string_view more_headers = {});
  void reset();         ///< an RST
  void wait_for_end();  ///< until the client closes

 private:
  friend class ScriptedServer;

  int socket_;
  std::string buffer_;
};

/// A server on a port of its own of 127.0.0.1 that does with every connection what the test says, on a thread each.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(Script script);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();  ///< cuts what is open

  [[nodiscard]] std::string url(std::string_view path_and_query) const;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  [[nodiscard]] std::size_t connections() const;

 private:
  void serve();

  Script script_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  mutable std::mutex mutex_;
  bool stop_ = false;
  std::vector<int> open_;
  std::size_t connections_ = 0;
  std::list<std::thread> threads_;
  std::thread accepting_;
};

/// A port of 127.0.0.1 where nobody listens.
[[nodiscard]] std::uint16_t dead_port();

/// A listening socket on 127.0.0.1, and its port.
[[nodiscard]] int listen_on_loopback(std::uint16_t& port);

}  // namespace pflow::host
