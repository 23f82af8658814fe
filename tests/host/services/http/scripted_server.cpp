#include "tests/host/services/http/scripted_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace pflow::host {
namespace {

std::size_t body_size(std::string_view head) {
  std::string lower(head);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t at = lower.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::strtoul(lower.c_str() + at + 17, nullptr, 10);
}

}  // namespace

int listen_on_loopback(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket, 4096) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot listen on 127.0.0.1");
  }
  port = ntohs(address.sin_port);
  return socket;
}

std::uint16_t dead_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

Peer::~Peer() {
  if (socket_ >= 0) ::close(socket_);
}

std::string Peer::read_request() {
  std::size_t wanted = std::string::npos;
  while (true) {
    if (wanted == std::string::npos) {
      const std::size_t end = buffer_.find("\r\n\r\n");
      if (end != std::string::npos) wanted = end + 4 + body_size(std::string_view(buffer_).substr(0, end + 2));
    }
    if (wanted != std::string::npos && buffer_.size() >= wanted) {
      std::string request = buffer_.substr(0, wanted);
      buffer_.erase(0, wanted);
      return request;
    }
    char chunk[65536];
    const ssize_t n = ::recv(socket_, chunk, sizeof chunk, 0);
    if (n <= 0) return {};
    buffer_.append(chunk, static_cast<std::size_t>(n));
  }
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the client has gone; what it does then is what the test looks at
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Peer::answer(std::string_view body, std::string_view more_headers) {
  send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(more_headers) +
       "\r\n" + std::string(body));
}

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

void Peer::wait_for_end() {
  char chunk[4096];
  while (::recv(socket_, chunk, sizeof chunk, 0) > 0) {
  }
}

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)), listener_(listen_on_loopback(port_)) {
  accepting_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    for (const int socket : open_)
      ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  for (std::thread& t : threads_)
    t.join();
  ::close(listener_);
}

void ScriptedServer::serve() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard lock(mutex_);
    if (stop_) {
      ::close(socket);
      return;
    }
    ++connections_;
    open_.push_back(socket);
    threads_.emplace_back([this, socket] {
      Peer peer(socket);
      script_(peer);
      const std::lock_guard closing(mutex_);
      std::erase(open_, socket);
      if (peer.socket_ >= 0) ::close(std::exchange(peer.socket_, -1));
    });
  }
}

std::string ScriptedServer::url(std::string_view path_and_query) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path_and_query);
}

std::size_t ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

}  // namespace pflow::host
