#pragma once
#include <sys/types.h>

#include <array>

namespace pflow::shell {

/// Everything the child needs, laid out before it exists: between its birth and its exec it allocates nothing.
struct SpawnRequest {
  const char* program;
  const char* const* argv;
  const char* const* envp;
  const char* cwd;         ///< nullptr = stay
  std::array<int, 3> fds;  ///< become 0, 1, 2; all above 2, else close-on-exec
};

struct SpawnResult {
  pid_t pid = -1;  ///< -1 = no child, see `error`
  int error = 0;
  bool at_chdir = false;  ///< the error came from changing to cwd
};

/// Starts a child without copying the parent's page tables (like vfork). The child leads a process group of its own,
/// dies with the calling thread (KILL), has an empty signal mask, default handlers (ignored signals stay ignored, but
/// for PIPE and XFSZ, which the host ignores for itself) and no descriptors but 0, 1, 2.
[[nodiscard]] SpawnResult spawn(const SpawnRequest& request) noexcept;

}  // namespace pflow::shell
