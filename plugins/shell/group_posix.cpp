#include "group_posix.hpp"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

#include "pipe_posix.hpp"

namespace pflow::shell {
namespace {

/// A zombie that nobody reaps (there is no init in many containers) does not live.
bool lives(pid_t pid) noexcept {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!process.open()) return errno != ESRCH;
  pollfd ended{process.get(), POLLIN, 0};
  return poll(&ended, 1, 0) <= 0;
}

}  // namespace

bool others_live(pid_t leader) noexcept {
  DIR* all = opendir("/proc");
  if (all == nullptr) return true;
  bool found = false;
  while (!found) {
    const dirent* entry = readdir(all);  // NOLINT(concurrency-mt-unsafe): the stream is this call's own
    if (entry == nullptr) break;
    const auto pid = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));  // 0: not a process
    found = pid > 0 && pid != leader && getpgid(pid) == leader && lives(pid);
  }
  closedir(all);
  return found;
}

}  // namespace pflow::shell
