#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "host/files/line_reader.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;

Error unreadable(const std::string& name, int error) {
  Error e;
  e.code = Code::kUnreadable;
  e.where = name;
  e.message = error == EISDIR
                  ? "it is a folder, not a file"
                  : fmt::format("cannot read the file: {}", std::strerror(error));  // NOLINT(concurrency-mt-unsafe)
  return e;
}

}  // namespace

LineReader::~LineReader() {
  if (fd_ > STDIN_FILENO) ::close(fd_);
}

Result<void> LineReader::open(const std::string& path) {
  const bool is_stdin = path == "-";
  name_ = is_stdin ? "<stdin>" : path;
  fd_ = is_stdin ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) return unreadable(name_, errno);
  const Result<std::size_t> filled = fill();  // what cannot be read is told before anything is done
  return filled ? Result<void>() : Result<void>(filled.error());
}

Result<std::size_t> LineReader::fill() {
  chunk_.resize(kChunkBytes);
  at_ = 0;
  ssize_t n = 0;
  do {
    n = ::read(fd_, chunk_.data(), chunk_.size());
  } while (n < 0 && errno == EINTR);
  const int error = errno;
  chunk_.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
  if (n < 0) return unreadable(name_, error);
  return chunk_.size();
}

Result<LineReader::Next> LineReader::next(std::string& line) {
  line.clear();
  bool any = false;
  bool too_long = false;
  while (true) {
    if (at_ == chunk_.size()) {
      const Result<std::size_t> filled = fill();
      if (!filled) return filled.error();
      if (*filled == 0) break;
    }
    any = true;
    const std::size_t end = chunk_.find('\n', at_);
    const std::size_t stop = end == std::string::npos ? chunk_.size() : end;
    too_long = too_long || line.size() + (stop - at_) > max_bytes_;
    if (!too_long) line.append(chunk_, at_, stop - at_);
    at_ = end == std::string::npos ? stop : stop + 1;
    if (end != std::string::npos) break;
  }
  if (!any) return Next::kEnd;
  ++number_;
  return too_long ? Next::kTooLong : Next::kLine;
}

}  // namespace pflow::host
