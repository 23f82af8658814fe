#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <atomic>
#include <climits>
#include <filesystem>
#include <system_error>

#include "descriptor_posix.hpp"
#include "file_error.hpp"
#include "file_system.hpp"

namespace pflow::file {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;  // between two looks at cancellation
constexpr unsigned kRenameNoReplace = 1;                   // RENAME_NOREPLACE; not in every libc's headers

std::string beside(const std::string& target, std::string_view name) {
  const std::size_t slash = target.rfind('/');
  return (slash == std::string::npos ? std::string() : target.substr(0, slash + 1)).append(name);
}

/// ENOENT on creating a file is about its directory.
[[noreturn]] void fail_create(int error, std::string_view doing, const std::string& path) {
  if (error != ENOENT) fail(error, doing, path);
  fail(error, doing, path, "its directory does not exist: check the path, or set `create_dirs` to true");
}

int create_beside(const std::string& target, mode_t mode, std::string& path) {
  static std::atomic<unsigned> counter = 0;
  while (true) {
    path = beside(target, ".pflow-" + std::to_string(getpid()) + '-' + std::to_string(counter++) + ".tmp");
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0 && errno == EEXIST) continue;  // left behind by a process of the same number
    if (fd < 0) fail_create(errno, "write", target);
    return fd;
  }
}

/// The permissions that a new file gets here from the umask or the directory's default ACL. An empty file tells: asking
/// for the umask means changing it, for every thread.
mode_t mode_of_new_file(const std::string& target) {
  std::string path;
  const Descriptor probe(create_beside(target, 0666, path));

  struct stat info {};

  const int error = fstat(probe.get(), &info) == 0 ? 0 : errno;
  unlink(path.c_str());
  if (error != 0) fail(error, "write", target);
  return info.st_mode & 0777U;
}

/// Writes to something that cannot be replaced by another file: a device, a FIFO.
void write_through(const std::string& path, std::string_view bytes, const sdk::Call& call) {
  while (true) {
    const Descriptor fd(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (fd.open()) {
      write_all(fd.get(), bytes, path, call);
      return;
    }
    if (errno != ENXIO) fail(errno, "write", path);
    wait_ready(-1, 0, call);  // a FIFO without a reader yet
  }
}

}  // namespace

void check_cancelled(const sdk::Call& call) {
  if (!call.cancelled()) return;
  throw sdk::Failure{.status = PFLOW_E_CANCELLED, .code = "cancelled", .message = "the call was cancelled"};
}

void wait_ready(int fd, short events, const sdk::Call& call) {
  pollfd ready{fd, events, 0};
  poll(&ready, 1, 100);
  check_cancelled(call);
}

void check_writable(const std::string& path) {
  if (faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 && errno != ENOENT) fail(errno, "write", path);
}

void write_all(int fd, std::string_view bytes, const std::string& path, const sdk::Call& call) {
  std::size_t written = 0;
  write_all(fd, bytes, path, call, written);
}

void write_all(int fd, std::string_view bytes, const std::string& path, const sdk::Call& call, std::size_t& written) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), std::min(bytes.size(), kPieceBytes));
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
      written += static_cast<std::size_t>(put);
      check_cancelled(call);
    } else if (errno == EAGAIN) {
      wait_ready(fd, POLLOUT, call);
    } else if (errno != EINTR) {
      fail(errno, "write", path);
    }
  }
}

std::string resolve_links(const std::string& path) {
  std::string current = path;
  for (int hops = 0; hops < 40; ++hops) {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = readlink(current.c_str(), target.data(), target.size());
    if (length < 0) return current;  // no link, or nothing there
    const std::string_view text(target.data(), static_cast<std::size_t>(length));
    current = text.starts_with('/') ? std::string(text) : beside(current, text);
  }
  fail(ELOOP, "write", path);
}

TemporaryFile::TemporaryFile(const std::string& target) : target_(target), fd_(create_beside(target, 0600, path_)) {}

TemporaryFile::~TemporaryFile() {
  if (!path_.empty()) unlink(path_.c_str());
}

void TemporaryFile::publish(mode_t mode, bool replace) {
  struct stat now {};

  if (fstat(fd_.get(), &now) != 0) fail(errno, "write", target_);
  // Asked only for a change: some file systems have one mode for all and refuse others.
  if ((now.st_mode & 07777U) != mode && fchmod(fd_.get(), mode) != 0) fail(errno, "write", target_);
  if (!fd_.close()) fail(errno, "write", target_);
  if (!replace) {
    if (syscall(SYS_renameat2, AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), kRenameNoReplace) == 0) {
      path_.clear();
      return;
    }
    if (errno != EINVAL && errno != ENOSYS) fail(errno, "write", target_);
    // A file system that cannot rename so: a second name does the same.
    if (link(path_.c_str(), target_.c_str()) != 0) fail(errno, "write", target_);
    return;
  }
  if (rename(path_.c_str(), target_.c_str()) != 0) fail(errno, "write", target_);
  path_.clear();
}

void write_file(const std::string& path, std::string_view bytes, const sdk::Call& call) {
  const std::string target = resolve_links(path);

  struct stat old {};

  const bool exists = stat(target.c_str(), &old) == 0;
  if (!exists && errno != ENOENT) fail(errno, "write", path);
  if (exists && S_ISDIR(old.st_mode)) fail(EISDIR, "write", path);
  if (exists && !S_ISREG(old.st_mode)) return write_through(target, bytes, call);
  if (exists) check_writable(path);
  // Without set-user-ID and set-group-ID: what they were given for is gone.
  const mode_t mode = exists ? old.st_mode & 01777U : mode_of_new_file(target);
  TemporaryFile fresh(target);
  const int fd = fresh.fd().get();
  write_all(fd, bytes, path, call);
  if (exists) [[maybe_unused]]
    const int owner = fchown(fd, old.st_uid, old.st_gid);  // where we may: else it becomes ours
  fresh.publish(mode, true);
}

void append_file(const std::string& path, std::string_view bytes, const sdk::Call& call) {
  struct stat old {};

  if (stat(path.c_str(), &old) == 0 && !S_ISREG(old.st_mode) && !S_ISDIR(old.st_mode)) {
    return write_through(path, bytes, call);
  }
  const Descriptor fd(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666));
  if (!fd.open()) fail_create(errno, "append to", path);
  if (fstat(fd.get(), &old) != 0) fail(errno, "append to", path);
  std::size_t written = 0;
  try {
    write_all(fd.get(), bytes, path, call, written);
  } catch (...) {
    // Not if somebody else has appended meanwhile: theirs would go too.
    struct stat now {};

    const bool ours = fstat(fd.get(), &now) == 0 && now.st_size == old.st_size + static_cast<off_t>(written);
    if (ours) [[maybe_unused]]
      const int undone = ftruncate(fd.get(), old.st_size);
    throw;
  }
}

void check_names_file(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  if (!name.empty() && name != "." && name != "..") return;
  throw sdk::Failure{
      .status = PFLOW_E_INVALID,
      .code = "is_directory",
      .message = "cannot write \"" + path + "\": such a path can only name a directory; give the path of a file"};
}

void create_parents(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (parent.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  if (error) fail(error.value(), "make the directory", parent.string());
}

}  // namespace pflow::file
