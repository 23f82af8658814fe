#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "host/instrument/trace_file.hpp"

namespace pflow::host {
namespace {

constexpr int kMostNames = 10'000;  // traces of one second; then something is wrong

extern "C" void do_nothing(int) {}

// A handler and not SIG_IGN: a program that is started later gets the default back.
void outlive_file_size_limit() noexcept {
  struct sigaction action {};

  if (::sigaction(SIGXFSZ, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) return;
  action.sa_handler = do_nothing;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGXFSZ, &action, nullptr);
}

std::string way_out(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "Make room on that disk, or set PFLOW_DEBUG_DIR to a folder on another one.";
    case ENAMETOOLONG:
      return "Set PFLOW_DEBUG_DIR to a folder with a shorter name.";
    case ENOTDIR:
    case EEXIST:
      return "Take it away, or set PFLOW_DEBUG_DIR to a folder.";
    case EMFILE:
    case ENFILE:
      return "Close some files or raise the limit (ulimit -n).";
    default:
      return "Set PFLOW_DEBUG_DIR to a folder that you may write to.";
  }
}

Error cannot_make(std::string_view what, const std::filesystem::path& where, int error) {
  Error e;
  e.code = Code::kIo;
  const bool is_file = error == ENOTDIR || error == EEXIST;
  e.message = is_file ? fmt::format("cannot make {}: there is something that is not a folder", what)
                      : fmt::format("cannot make {}: {}", what, std::strerror(error));  // NOLINT(concurrency-mt-unsafe)
  e.where = where.string();
  e.hint = way_out(error);
  return e;
}

bool is_folder(const std::filesystem::path& path) noexcept {
  struct stat s {};

  return ::stat(path.c_str(), &s) == 0 && S_ISDIR(s.st_mode);
}

Result<void> make_folders(const std::filesystem::path& folder) {
  std::filesystem::path made;
  for (const std::filesystem::path& part : folder) {
    made /= part;
    if (is_folder(made)) continue;
    // Another process may make it at the same time.
    if (::mkdir(made.c_str(), S_IRWXU) == 0 || (errno == EEXIST && is_folder(made))) continue;
    return cannot_make("the folder for traces", made, errno);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<TraceFile>> TraceFile::create(const std::filesystem::path& folder, std::string_view stem) {
  std::error_code ec;
  const std::filesystem::path whole = std::filesystem::absolute(folder, ec).lexically_normal();
  if (ec) return cannot_make("the folder for traces", folder, ec.value());
  if (Result<void> made = make_folders(whole); !made) return std::move(made).error();
  outlive_file_size_limit();
  std::filesystem::path path;
  for (int n = 1; n <= kMostNames; ++n) {
    path = whole / (n == 1 ? fmt::format("{}.json", stem) : fmt::format("{}-{}.json", stem, n));
    const int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
    if (fd >= 0) {
      static_cast<void>(
          ::flock(fd, LOCK_EX | LOCK_NB));  // says that it is being written; where locks are not, nobody knows
      return std::unique_ptr<TraceFile>(new TraceFile(fd, std::move(path)));
    }
    if (errno == EINTR) {
      --n;
    } else if (errno != EEXIST) {
      return cannot_make("the trace file", path, errno);
    }
  }
  Error e;
  e.code = Code::kIo;
  e.message = fmt::format("cannot make the trace file: {} of that name are there", kMostNames);
  e.where = path.string();
  e.hint = "Remove old ones (pflow-host trace prune), or set PFLOW_DEBUG_DIR to another folder.";
  return e;
}

TraceFile::~TraceFile() {
  ::close(fd_);
}

bool is_being_written(const std::filesystem::path& path) noexcept {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return false;
  const bool locked = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(fd);
  return locked;
}

bool TraceFile::write_at(std::uint64_t offset, std::string_view text) noexcept {
  if (offset > size_) return false;
  ssize_t written = 0;
  do {
    written = ::pwrite(fd_, text.data(), text.size(), static_cast<off_t>(offset));
  } while (written < 0 && errno == EINTR);
  if (written < 0) return false;
  if (static_cast<std::size_t>(written) < text.size()) {
    undo(offset);
    return false;
  }
  const std::uint64_t end = offset + text.size();
  if (end < size_ && ::ftruncate(fd_, static_cast<off_t>(end)) != 0) {
    undo(offset);
    return false;
  }
  size_ = end;
  remember(text);
  return true;
}

void TraceFile::undo(std::uint64_t offset) noexcept {
  const std::size_t lost = static_cast<std::size_t>(std::min<std::uint64_t>(size_ - offset, tail_size_));
  // What was there fits where it was; a failure here leaves a file for `trace repair`.
  const ssize_t put = ::pwrite(fd_, tail_.data() + (tail_size_ - lost), lost, static_cast<off_t>(size_ - lost));
  const int cut = ::ftruncate(fd_, static_cast<off_t>(size_));
  static_cast<void>(put);
  static_cast<void>(cut);
}

void TraceFile::remember(std::string_view text) noexcept {
  if (text.empty()) return;
  tail_size_ = std::min(text.size(), kTail);
  std::memcpy(tail_.data(), text.data() + (text.size() - tail_size_), tail_size_);
}

}  // namespace pflow::host
