#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <climits>
#include <cstddef>
#include <vector>

#include "descriptor_posix.hpp"
#include "file_error.hpp"
#include "file_system.hpp"

namespace pflow::file {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr unsigned kNoReplace = 1;  // RENAME_NOREPLACE

/// What `look` (stat or lstat) finds is one file under both paths.
bool same_file(int (*look)(const char*, struct stat*), const std::string& source, const std::string& dest) {
  struct stat here {};

  struct stat there {};

  return look(source.c_str(), &here) == 0 && look(dest.c_str(), &there) == 0 && here.st_dev == there.st_dev &&
         here.st_ino == there.st_ino;
}

/// What stands at the destination, if it is in the way of nothing worse than an overwrite.
void check_destination(const std::string& from, const std::string& dest, Existing existing) {
  struct stat there {};

  // Also where links lead: a link moved onto its own file would leave a link to itself and nothing else.
  const bool same = same_file(stat, from, dest) || same_file(lstat, from, dest);
  const bool exists = stat(dest.c_str(), &there) == 0;
  if (exists && S_ISDIR(there.st_mode)) fail(EISDIR, "write", dest, "give the name of the file in that directory");
  if (same) {
    throw sdk::Failure{.status = PFLOW_E_INVALID,
                       .code = "same_file",
                       .message = "\"" + from + "\" and \"" + dest + "\" are the same file; give another `dest_path`"};
  }
  if (exists && existing == Existing::kKeep) fail(EEXIST, "write", dest);
}

/// Copies what is left of `from`, in the kernel where it can.
void copy_content(int from, int to, const std::string& source, const std::string& dest, const sdk::Call& call) {
  while (true) {
    const ssize_t copied = copy_file_range(from, nullptr, to, nullptr, kChunkBytes, 0);
    if (copied <= 0) break;  // the end, or not possible here: read() below tells
    check_cancelled(call);
  }
  std::vector<char> chunk(kChunkBytes);
  while (true) {
    const ssize_t got = read(from, chunk.data(), chunk.size());
    if (got == 0) return;
    if (got < 0) {
      if (errno == EINTR) continue;
      fail(errno, "read", source);
    }
    write_all(to, {chunk.data(), static_cast<std::size_t>(got)}, dest, call);
  }
}

void copy_regular(const std::string& source, const std::string& dest, Existing existing, const sdk::Call& call) {
  const Descriptor from(open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));

  struct stat info {};

  if (!from.open() || fstat(from.get(), &info) != 0) fail(errno, "read", source);
  if (S_ISDIR(info.st_mode)) fail(EISDIR, "copy", source);
  if (!S_ISREG(info.st_mode)) {
    throw sdk::Failure{.status = PFLOW_E_INVALID,
                       .code = "not_a_file",
                       .message = "\"" + source + "\" is a device, FIFO or socket; only regular files can be copied"};
  }
  TemporaryFile fresh(resolve_links(dest));
  copy_content(from.get(), fresh.fd().get(), source, dest, call);
  fresh.publish(info.st_mode & 0777U, existing == Existing::kReplace);
}

/// A symbolic link that goes to another device is made anew.
void copy_link(const std::string& source, const std::string& dest, Existing existing) {
  std::array<char, PATH_MAX> target{};
  const ssize_t length = readlink(source.c_str(), target.data(), target.size() - 1);
  if (length < 0) fail(errno, "read", source);
  if (existing == Existing::kReplace) unlink(dest.c_str());
  if (symlink(target.data(), dest.c_str()) != 0) fail(errno, "write", dest);
}

/// 0 or an errno.
int try_rename(const std::string& source, const std::string& dest, Existing existing) {
  if (existing == Existing::kReplace) return rename(source.c_str(), dest.c_str()) == 0 ? 0 : errno;
  if (syscall(SYS_renameat2, AT_FDCWD, source.c_str(), AT_FDCWD, dest.c_str(), kNoReplace) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;

  struct stat there {};  // a file system without it: the look and the rename are two steps

  if (lstat(dest.c_str(), &there) == 0) return EEXIST;
  return rename(source.c_str(), dest.c_str()) == 0 ? 0 : errno;
}

}  // namespace

void copy_file(const std::string& source, const std::string& dest, Existing existing, const sdk::Call& call) {
  struct stat info {};

  if (stat(source.c_str(), &info) != 0) fail(errno, "read", source);
  if (S_ISDIR(info.st_mode)) fail(EISDIR, "copy", source);
  check_destination(source, dest, existing);
  check_writable(dest);
  copy_regular(source, dest, existing, call);
}

void move_file(const std::string& source, const std::string& dest, Existing existing, const sdk::Call& call) {
  struct stat info {};

  if (lstat(source.c_str(), &info) != 0) fail(errno, "move", source);
  if (S_ISDIR(info.st_mode)) fail(EISDIR, "move", source);
  check_destination(source, dest, existing);
  const int error = try_rename(source, dest, existing);
  if (error == 0) return;
  if (error != EXDEV) fail(error, "move to", dest);
  if (S_ISLNK(info.st_mode)) {
    copy_link(source, dest, existing);
  } else {
    copy_regular(source, dest, existing, call);
  }
  if (unlink(source.c_str()) != 0) {
    fail(errno, "delete", source, "it was copied to its destination, but the original is still there");
  }
}

bool delete_file(const std::string& path) {
  struct stat info {};

  if (lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    fail(errno, "delete", path);
  }
  if (S_ISDIR(info.st_mode)) fail(EISDIR, "delete", path, "directories are never deleted by this node");
  if (unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  fail(errno, "delete", path);
}

}  // namespace pflow::file
