#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <cstddef>
#include <vector>

#include "descriptor_posix.hpp"
#include "file_error.hpp"
#include "file_system.hpp"

namespace pflow::file {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} * 1024;
constexpr std::uint64_t kDeviceBytes = std::uint64_t{64} << 20;

[[noreturn]] void fail_too_large(const std::string& path, std::uint64_t limit) {
  throw sdk::Failure{.status = PFLOW_E_INVALID,
                     .code = "too_large",
                     .message = "\"" + path + "\" is longer than " + std::to_string(limit) +
                                " bytes; give a larger `max_bytes` to read it",
                     .origin_code = EFBIG};
}

}  // namespace

std::uint64_t read_file(const std::string& path, std::optional<std::uint64_t> max_bytes, const sdk::Call& call,
                        const std::function<void(std::string_view)>& sink) {
  // Non-blocking, so that a FIFO nobody writes to can be cancelled; regular files do not care.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));

  struct stat info {};

  if (!fd.open() || fstat(fd.get(), &info) != 0) fail(errno, "read", path);
  if (S_ISDIR(info.st_mode)) fail(EISDIR, "read", path);
  const bool regular = S_ISREG(info.st_mode);
  const std::uint64_t limit = max_bytes.value_or(regular ? UINT64_MAX : kDeviceBytes);
  if (regular && static_cast<std::uint64_t>(info.st_size) > limit) fail_too_large(path, limit);
  std::vector<char> chunk(kReadBytes);
  std::uint64_t total = 0;
  while (true) {
    if (regular) {
      check_cancelled(call);
    } else {
      pollfd ready{fd.get(), POLLIN, 0};
      while (poll(&ready, 1, 100) <= 0)
        check_cancelled(call);
    }
    const ssize_t got = read(fd.get(), chunk.data(), chunk.size());
    if (got == 0) return total;
    if (got < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      fail(errno, "read", path);
    }
    total += static_cast<std::uint64_t>(got);
    if (total > limit) fail_too_large(path, limit);
    sink({chunk.data(), static_cast<std::size_t>(got)});
  }
}

}  // namespace pflow::file
