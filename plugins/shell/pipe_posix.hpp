#pragma once
#include <signal.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

namespace pflow::shell {

/// The system's words for an errno.
[[nodiscard]] std::string system_text(int error);

/// Throws sdk::Failure "spawn_failed"; retryable where the system is only short of something.
[[noreturn]] void fail_system(std::string_view doing, int error);

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;

  explicit Descriptor(int fd) noexcept : fd_(fd) {}

  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~Descriptor() { close(); }

  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  [[nodiscard]] int get() const noexcept { return fd_; }

  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Moves a descriptor out of 0..2, where it would be overwritten in the child (a host started with these closed).
[[nodiscard]] Descriptor above_stdio(int fd);

/// Both ends close-on-exec and above 2.
struct Pipe {
  Pipe();

  Descriptor read_end, write_end;
};

void make_nonblocking(const Descriptor& fd) noexcept;

/// While it lives, writing to a closed pipe gives EPIPE and no signal, whatever the host has set up for SIGPIPE.
class SigpipeBlock {
 public:
  SigpipeBlock() noexcept;
  SigpipeBlock(const SigpipeBlock&) = delete;
  SigpipeBlock& operator=(const SigpipeBlock&) = delete;
  ~SigpipeBlock();

 private:
  sigset_t pipe_{}, before_{};
  bool was_pending_ = false;
};

}  // namespace pflow::shell
