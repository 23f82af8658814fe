#pragma once
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <pflow/node.hpp>

namespace pflow::file {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] int get() const noexcept { return fd_; }

  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }

  /// false = the system reports late that what was written is lost; see errno.
  [[nodiscard]] bool close() noexcept { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

/// A file that is being written beside its final place. It is deleted again unless it is published.
class TemporaryFile {
 public:
  /// In the directory of `target`. Until it is published only its owner can read it.
  explicit TemporaryFile(const std::string& target);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  [[nodiscard]] const Descriptor& fd() const noexcept { return fd_; }

  /// Gives it its final permissions and renames it to the target; without `replace`, "exists" if there is one by now.
  void publish(mode_t mode, bool replace);

 private:
  std::string target_, path_;
  Descriptor fd_;
};

/// Where writing to `path` ends up: symbolic links followed, the last part need not exist.
[[nodiscard]] std::string resolve_links(const std::string& path);

/// Throws if there is something at `path` that its own permissions protect from being written: replacing it by a rename
/// would get around them.
void check_writable(const std::string& path);

/// Writes all of `bytes` to `fd`, waiting where it must; throws for `path`.
void write_all(int fd, std::string_view bytes, const std::string& path, const sdk::Call& call);

/// The same. `written` grows by what has reached the file, also when it throws.
void write_all(int fd, std::string_view bytes, const std::string& path, const sdk::Call& call, std::size_t& written);

/// Waits up to 100 ms until `fd` is ready for `events` (poll), then throws if the call is cancelled.
void wait_ready(int fd, short events, const sdk::Call& call);

void check_cancelled(const sdk::Call& call);

}  // namespace pflow::file
