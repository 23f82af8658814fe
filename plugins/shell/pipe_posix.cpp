#include "pipe_posix.hpp"

#include <errno.h>
#include <fcntl.h>
#include <time.h>

#include <array>
#include <system_error>

#include <pflow/node.hpp>

namespace pflow::shell {

std::string system_text(int error) {
  return std::generic_category().message(error);
}

void fail_system(std::string_view doing, int error) {
  const bool passing = error == EAGAIN || error == ENFILE || error == EMFILE || error == ENOMEM;
  throw sdk::Failure{.status = passing ? PFLOW_E_UNAVAILABLE : PFLOW_E_IO,
                     .code = "spawn_failed",
                     .message = std::string(doing) + ": " + system_text(error),
                     .retryable = passing,
                     .origin_code = error};
}

Descriptor above_stdio(int fd) {
  if (fd > 2) return Descriptor(fd);
  const Descriptor low(fd);
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (moved < 0) fail_system("cannot get a file descriptor for the command", errno);
  return Descriptor(moved);
}

Pipe::Pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) fail_system("cannot make a pipe for the command", errno);
  Descriptor second(fds[1]);
  read_end = above_stdio(fds[0]);
  write_end = above_stdio(second.release());
}

void make_nonblocking(const Descriptor& fd) noexcept {
  fcntl(fd.get(), F_SETFL, O_NONBLOCK);
}

SigpipeBlock::SigpipeBlock() noexcept {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

SigpipeBlock::~SigpipeBlock() {
  const timespec now{};
  if (!was_pending_) {
    while (sigtimedwait(&pipe_, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace pflow::shell
