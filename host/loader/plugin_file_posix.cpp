#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "host/loader/plugin_error.hpp"
#include "host/loader/plugin_file.hpp"

namespace pflow::host {
namespace {

std::int64_t nanoseconds(const timespec& t) {
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

bool others_may_write(const struct stat& s) {
  return (s.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

bool trusted_owner(const struct stat& s) {
  return s.st_uid == 0 || s.st_uid == ::geteuid();
}

}  // namespace

Result<FileIdentity> check_trust(const std::filesystem::path& path) {
  return TrustChecks().check(path);
}

TrustChecks::Folder TrustChecks::folder(const std::filesystem::path& path) {
  const auto [it, added] = folders_.try_emplace(path.string(), Folder::kTrusted);
  if (!added) return it->second;

  struct stat dir {};

  if (::stat(path.c_str(), &dir) != 0 || !trusted_owner(dir)) {
    it->second = Folder::kOthersOwn;
  } else if (others_may_write(dir)) {
    it->second = Folder::kOthersMayWrite;
  }
  return it->second;
}

Result<FileIdentity> TrustChecks::check(const std::filesystem::path& path) {
  struct stat file {};

  if (::stat(path.c_str(), &file) != 0) {
    return refused_plugin(path,
                          fmt::format("cannot be read: {}", std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  }
  if (!S_ISREG(file.st_mode)) return refused_plugin(path, "is not a regular file", "A plugin is a shared library.");
  if (!trusted_owner(file)) {
    return refused_plugin(path, "belongs to neither root nor you",
                          fmt::format("If you trust it: chown {} '{}'", ::geteuid(), path.string()));
  }
  if (others_may_write(file)) {
    return refused_plugin(path, "may be written by other users", fmt::format("chmod go-w '{}'", path.string()));
  }
  const std::filesystem::path parent = path.parent_path();
  switch (folder(parent)) {
    case Folder::kOthersOwn:
      return refused_plugin(path, "is in a folder that belongs to neither root nor you",
                            "Move it to a folder of your own.");
    case Folder::kOthersMayWrite:
      return refused_plugin(path, "is in a folder that other users may write",
                            fmt::format("chmod go-w '{}'", parent.string()));
    case Folder::kTrusted:
      break;
  }
  FileIdentity id;
  id.device = file.st_dev;
  id.inode = file.st_ino;
  id.size = static_cast<std::uint64_t>(file.st_size);
  id.modified_ns = nanoseconds(file.st_mtim);
  id.changed_ns = nanoseconds(file.st_ctim);
  return id;
}

}  // namespace pflow::host
