#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

/// What the operating system does for the client: waiting for many sockets at once, sockets, descriptor limits,
/// threads.
namespace pflow::host {

/// Waits for sockets and for `wake`. All but `wake` belong to one thread.
class EventLoop {
 public:
  struct Ready {
    int socket = -1;
    bool readable = false;
    bool writable = false;
    bool failed = false;
  };

  EventLoop();  ///< throws std::system_error
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  /// `known`: it was watched for something else until now. Gives 0 or an errno.
  [[nodiscard]] int watch(int socket, bool read, bool write, bool known) noexcept;
  void forget(int socket) noexcept;

  /// [any-thread] Ends the wait that is under way, or the next one.
  void wake() noexcept;

  /// Until something is ready, `wake` was called or the time is over; no time: for ever. The result is valid until the
  /// next call.
  [[nodiscard]] const std::vector<Ready>& wait(std::optional<std::chrono::nanoseconds> at_most);

 private:
  int poll_ = -1;
  int wake_ = -1;
  std::vector<Ready> ready_;
};

struct NewSocket {
  int socket = -1;  ///< < 0: none
  int error = 0;    ///< why, an errno
};

/// Not inherited by programs that are started.
[[nodiscard]] NewSocket open_socket(int family, int type, int protocol) noexcept;
void close_socket(int socket) noexcept;

/// Raises the process's limit of open descriptors as far as it may, to 65,536 at most. Gives the limit.
[[nodiscard]] std::size_t raise_descriptor_limit() noexcept;

/// For the calling thread: its name in tools, and no signal is handled on it.
void become_io_thread() noexcept;

/// Has the calling thread's allocator take this much from the system at once. It takes every few KiB by itself, with a
/// call each, which showed: a tenth of the time of a thousand requests.
void make_thread_roomy(std::size_t bytes);

/// True for the errno of a process or a system that has no descriptor left.
[[nodiscard]] bool is_out_of_descriptors(int error) noexcept;

}  // namespace pflow::host
