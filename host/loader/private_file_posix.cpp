#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "host/loader/private_file.hpp"

namespace pflow::host {

std::optional<std::string> read_private_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  std::optional<std::string> content;

  struct stat s {};

  if (::fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_uid == ::geteuid() && (s.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
      static_cast<std::uintmax_t>(s.st_size) <= max_bytes) {
    content.emplace(static_cast<std::size_t>(s.st_size), '\0');
    std::size_t have = 0;
    while (have < content->size()) {
      const ssize_t n = ::read(fd, content->data() + have, content->size() - have);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      have += static_cast<std::size_t>(n);
    }
    content->resize(have);
  }
  ::close(fd);
  return content;
}

}  // namespace pflow::host
