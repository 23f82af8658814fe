#pragma once

namespace pflow::host {

/// When a plugin crashes the process or ends it with exit(), says on stderr which node and which library it was, and,
/// when a descriptor for the result is given, prints the JSON line. A crash keeps its signal; exit() becomes exit
/// code 1. Once a process; in effect until `disarm_last_words`. What a node produced before is lost: nothing can be
/// trusted after a crash.
void arm_last_words(int json_result_fd) noexcept;  ///< -1: no JSON line
void disarm_last_words() noexcept;

}  // namespace pflow::host
