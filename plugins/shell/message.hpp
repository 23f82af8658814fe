#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "process.hpp"
#include <pflow/node.hpp>

namespace pflow::shell {

/// Up to 5 lines and 500 bytes of what a command wrote to stderr, as UTF-8: other bytes become '?'.
[[nodiscard]] std::string head_of_stderr(std::string_view bytes);

/// The error that a process's end amounts to; none for exit code 0. `stderr_head` as above.
[[nodiscard]] sdk::Outcome judge(const ProcessResult& result, const ProcessSpec& spec, std::string_view stderr_head);

}  // namespace pflow::shell
