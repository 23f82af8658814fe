#pragma once
#include <sys/types.h>

namespace pflow::shell {

/// Whether the process group `leader` has living members besides its leader; true where the system does not tell.
///
/// For a leader that is a zombie of ours: kill(-leader, 0) cannot answer, it finds the zombie; without the zombie the
/// number could belong to somebody else by the next signal. So this reads the list of all processes in /proc
/// (about 1 ms for 1000). A process born meanwhile may be missed.
[[nodiscard]] bool others_live(pid_t leader) noexcept;

}  // namespace pflow::shell
