#pragma once

#include <string_view>

namespace pflow::host {

// What stands in `line` for what is only known at the end.
inline constexpr std::string_view kNodeMark = "<the node that ran>";
inline constexpr std::string_view kPluginMark = "<its plugin>";
inline constexpr std::string_view kEndMark = "<how it ended>";

/// When a plugin crashes the process or ends it with exit(), says on stderr which node and which library it was, and
/// prints `line` on the descriptor for results, with its marks filled in. A crash keeps its signal; exit() becomes exit
/// code 1. Once a process; in effect until `disarm_last_words`. What a node produced before is lost: nothing can be
/// trusted after a crash.
void arm_last_words(int result_fd, std::string_view line);  ///< an empty line: none
void disarm_last_words() noexcept;

}  // namespace pflow::host
