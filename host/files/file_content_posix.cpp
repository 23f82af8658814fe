#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "host/files/file_content.hpp"
#include "host/files/write_all.hpp"

namespace pflow::host {
namespace {

Error io_error(const std::filesystem::path& path, int error) {
  Error e;
  e.code = Code::kIo;
  e.message = fmt::format("cannot write the file: {}", std::strerror(error));  // NOLINT(concurrency-mt-unsafe)
  e.where = path.string();
  return e;
}

}  // namespace

Result<void> replace_file(const std::filesystem::path& path, std::string_view content) {
  std::string temporary = path.string() + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return io_error(path, errno);
  int error = write_all(fd, content);
  bool good = error == 0;
  if (::close(fd) != 0 && good) {
    good = false;
    error = errno;
  }
  if (good && ::rename(temporary.c_str(), path.c_str()) != 0) {
    good = false;
    error = errno;
  }
  if (good) return {};
  ::unlink(temporary.c_str());
  return io_error(path, error);
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const bool is_stdin = path == "-";
  Error e;
  e.code = Code::kUnreadable;
  e.where = is_stdin ? "<stdin>" : path;
  const int fd = is_stdin ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    e.message = fmt::format("cannot read the file: {}", std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    return e;
  }
  std::string content;

  struct stat s {};

  if (::fstat(fd, &s) == 0 && S_ISREG(s.st_mode)) {
    content.reserve(std::min(static_cast<std::size_t>(s.st_size), max_bytes) + 1);
  }
  int error = 0;
  std::size_t used = 0;
  while (true) {
    content.resize(std::min(std::max<std::size_t>(content.capacity(), used + 65536), max_bytes + 1));
    const ssize_t n = ::read(fd, content.data() + used, content.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) error = errno;
    if (n <= 0) break;
    used += static_cast<std::size_t>(n);
    if (used > max_bytes) break;
  }
  content.resize(used);
  if (!is_stdin) ::close(fd);
  if (error != 0) {
    e.message = error == EISDIR
                    ? "it is a folder, not a file"
                    : fmt::format("cannot read the file: {}", std::strerror(error));  // NOLINT(concurrency-mt-unsafe)
    return e;
  }
  if (used > max_bytes) {
    e.code = Code::kTooLarge;
    e.message = fmt::format("the file has more than {} bytes, which is the limit", max_bytes);
    return e;
  }
  return content;
}

}  // namespace pflow::host
