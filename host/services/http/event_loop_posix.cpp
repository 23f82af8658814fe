#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>
#include <vector>

#include "host/services/http/event_loop.hpp"

namespace pflow::host {
namespace {

constexpr rlim_t kMostDescriptors = 65'536;
constexpr int kMostAtOnce = 256;

[[noreturn]] void fail(const char* what, int error) {
  throw std::system_error(error, std::generic_category(), what);
}

// epoll waits in milliseconds: rounded up, or it would spin through the last one.
int wait_ms(std::optional<std::chrono::nanoseconds> at_most) noexcept {
  if (!at_most) return -1;
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(*at_most).count();
  return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 3'600'000));
}

}  // namespace

EventLoop::EventLoop() : poll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const int error = errno;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_;
  if (poll_ >= 0 && wake_ >= 0 && ::epoll_ctl(poll_, EPOLL_CTL_ADD, wake_, &event) == 0) return;
  const int why = poll_ >= 0 && wake_ >= 0 ? errno : error;
  if (poll_ >= 0) ::close(poll_);
  if (wake_ >= 0) ::close(wake_);
  fail("no descriptors for the HTTP event loop", why);
}

EventLoop::~EventLoop() {
  ::close(wake_);
  ::close(poll_);
}

int EventLoop::watch(int socket, bool read, bool write, bool known) noexcept {
  epoll_event event{};
  event.events =
      (read ? static_cast<std::uint32_t>(EPOLLIN) : 0U) | (write ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  event.data.fd = socket;
  if (::epoll_ctl(poll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) == 0) return 0;
  // A number that was closed and given out again meanwhile is new to the kernel, and the other way round.
  if (errno != ENOENT && errno != EEXIST) return errno;
  return ::epoll_ctl(poll_, errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) == 0 ? 0 : errno;
}

void EventLoop::forget(int socket) noexcept {
  epoll_event unused{};
  ::epoll_ctl(poll_, EPOLL_CTL_DEL, socket, &unused);
}

void EventLoop::wake() noexcept {
  const std::uint64_t one = 1;
  // It can only fail when it is full of wakes already.
  static_cast<void>(!::write(wake_, &one, sizeof one));
}

const std::vector<EventLoop::Ready>& EventLoop::wait(std::optional<std::chrono::nanoseconds> at_most) {
  std::array<epoll_event, kMostAtOnce> events;  // NOLINT(cppcoreguidelines-pro-type-member-init): the kernel fills it
  ready_.clear();
  const int n = ::epoll_wait(poll_, events.data(), kMostAtOnce, wait_ms(at_most));
  if (n < 0 && errno != EINTR) fail("epoll_wait", errno);
  for (int i = 0; i < n; ++i) {
    const epoll_event& e = events[static_cast<std::size_t>(i)];
    if (e.data.fd == wake_) {
      std::uint64_t count = 0;
      static_cast<void>(!::read(wake_, &count, sizeof count));
    } else {
      ready_.push_back({e.data.fd, (e.events & (EPOLLIN | EPOLLHUP)) != 0, (e.events & EPOLLOUT) != 0,
                        (e.events & (EPOLLERR | EPOLLHUP)) != 0});
    }
  }
  return ready_;
}

NewSocket open_socket(int family, int type, int protocol) noexcept {
  const int socket = ::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  return {socket, socket < 0 ? errno : 0};
}

void close_socket(int socket) noexcept {
  ::close(socket);
}

std::size_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlim_t wanted = std::min(limit.rlim_max, kMostDescriptors);
  if (limit.rlim_cur < wanted) {
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = wanted;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return before;
  }
  return std::min(limit.rlim_cur, kMostDescriptors);
}

void become_io_thread() noexcept {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  ::pthread_setname_np(::pthread_self(), "pflow-http");
}

void make_thread_roomy(std::size_t bytes) {
  constexpr std::size_t kBlock = 120U << 10;  // below what is mapped by itself
  std::vector<std::unique_ptr<char[]>> blocks(bytes / kBlock + 1);
  for (std::unique_ptr<char[]>& block : blocks)
    block.reset(new char[kBlock]);
}

bool is_out_of_descriptors(int error) noexcept {
  return error == EMFILE || error == ENFILE;
}

}  // namespace pflow::host
