#include "spawn_posix.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__clang__) || defined(__GNUC__)
#define PFLOW_UNCHECKED __attribute__((no_sanitize("address", "thread", "undefined")))
#else
#define PFLOW_UNCHECKED
#endif

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PFLOW_TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define PFLOW_TSAN 1
#endif
#if defined(PFLOW_TSAN)
// ThreadSanitizer takes clone() for a fork and refuses further threads after it; the C library's own name gets past it.
extern "C" int __clone(int (*)(void*), void*, int, void*, ...);
#define PFLOW_CLONE __clone
#else
#define PFLOW_CLONE clone
#endif

namespace pflow::shell {
namespace {

// The child shares the parent's memory until it has called exec. It makes system calls directly: libc's wrappers are
// intercepted by sanitizers, whose records would then be changed for the parent as well.

using KernelMask = std::uint64_t;

constexpr int kLastSignal = 64;

/// What rt_sigaction fills in; the handler comes first on every architecture we build for.
struct KernelAction {
  std::uintptr_t handler;
  std::array<std::uintptr_t, 7> rest;
};

struct Child {
  const SpawnRequest* request;
  pid_t parent;
  int error;
  bool at_chdir;
};

PFLOW_UNCHECKED void reset_signals() {
  KernelAction action{};
  for (int number = 1; number <= kLastSignal; ++number) {
    if (syscall(SYS_rt_sigaction, number, nullptr, &action, sizeof(KernelMask)) != 0) continue;
    const bool ignored_by_user = action.handler == 1 && number != SIGPIPE && number != SIGXFSZ;
    if (action.handler == 0 || ignored_by_user) continue;
    for (std::uintptr_t& word : action.rest)
      word = 0;
    action.handler = 0;
    syscall(SYS_rt_sigaction, number, &action, nullptr, sizeof(KernelMask));
  }
  const KernelMask none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

PFLOW_UNCHECKED bool prepare(Child& child) {
  const SpawnRequest& request = *child.request;
  if (syscall(SYS_setpgid, 0, 0) != 0) return false;
  if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return false;
  if (syscall(SYS_getppid) != child.parent) {  // it died before the line above
    errno = ESRCH;
    return false;
  }
  for (int fd = 0; fd < 3; ++fd) {
    if (syscall(SYS_dup3, request.fds[static_cast<std::size_t>(fd)], fd, 0) < 0) return false;
  }
  // Descriptors that somebody opened without close-on-exec; an old kernel says no, and nothing is lost.
  syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  if (request.cwd != nullptr && syscall(SYS_chdir, request.cwd) != 0) {
    child.at_chdir = true;
    return false;
  }
  reset_signals();
  return true;
}

PFLOW_UNCHECKED int child_main(void* argument) {
  Child& child = *static_cast<Child*>(argument);
  if (prepare(child)) syscall(SYS_execve, child.request->program, child.request->argv, child.request->envp);
  child.error = errno;
  syscall(SYS_exit_group, 127);
  return 127;
}

}  // namespace

SpawnResult spawn(const SpawnRequest& request) noexcept {
  Child child{&request, getpid(), 0, false};
  // The child's, while this thread waits.  NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  alignas(64) std::array<std::byte, std::size_t{32} * 1024> stack;
  // No handler of the host may run in the child, where it would see the parent's memory.
  const KernelMask all = ~KernelMask{0};
  KernelMask before = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
  const pid_t pid = PFLOW_CLONE(child_main, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | SIGCHLD, &child);
  const int clone_error = errno;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, nullptr, sizeof before);
  if (pid < 0) return {-1, clone_error, false};
  if (child.error == 0) return {pid, 0, false};
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {-1, child.error, child.at_chdir};
}

}  // namespace pflow::shell
