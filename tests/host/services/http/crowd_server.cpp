#include "tests/host/services/http/crowd_server.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "tests/host/services/http/scripted_server.hpp"

namespace pflow::host {
namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

void watch(int poll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
}

}  // namespace

CrowdServer::CrowdServer()
    : listener_(listen_on_loopback(port_)), poll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC)) {
  watch(poll_, listener_);
  watch(poll_, wake_);
  thread_ = std::thread([this] { serve(); });
}

CrowdServer::~CrowdServer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  static_cast<void>(::eventfd_write(wake_, 1));
  thread_.join();
  for (const auto& [socket, text] : received_)
    ::close(socket);
  for (const int fd : {listener_, poll_, wake_})
    ::close(fd);
}

void CrowdServer::wait_for(std::size_t requests) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return requests_ >= requests; }))
    throw std::runtime_error("only " + std::to_string(requests_) + " requests came");
}

void CrowdServer::answer_all() {
  {
    const std::lock_guard lock(mutex_);
    answering_ = true;
  }
  static_cast<void>(::eventfd_write(wake_, 1));
}

void CrowdServer::serve() {
  std::array<epoll_event, 256> events{};
  while (true) {
    const int n = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
    const std::lock_guard lock(mutex_);
    if (stop_) return;
    for (int i = 0; i < n; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener_) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        received_[socket];
        watch(poll_, socket);
      } else if (fd == wake_) {
        eventfd_t count = 0;
        ::eventfd_read(wake_, &count);
      } else {
        read(fd);
      }
    }
    if (!answering_) continue;
    for (const int socket : waiting_)
      answer(socket);
    waiting_.clear();
  }
}

void CrowdServer::read(int socket) {
  char chunk[4096];
  const ssize_t n = ::recv(socket, chunk, sizeof chunk, 0);
  if (n <= 0) {
    drop(socket);
    return;
  }
  std::string& text = received_[socket];
  text.append(chunk, static_cast<std::size_t>(n));
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return;
  const std::size_t at = text.find("Content-Length: ");
  const std::size_t body = at == std::string::npos ? 0 : std::strtoul(text.c_str() + at + 16, nullptr, 10);
  if (text.size() < end + 4 + body) return;
  text.clear();
  ++requests_;
  waiting_.push_back(socket);
  changed_.notify_all();
}

void CrowdServer::answer(int socket) {
  static_cast<void>(::send(socket, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL));
}

void CrowdServer::drop(int socket) {
  received_.erase(socket);
  std::erase(waiting_, socket);
  ::close(socket);
}

}  // namespace pflow::host
