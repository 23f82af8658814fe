#pragma once

#include <string_view>

namespace pflow::host {

/// Writes all of `bytes` to a descriptor, waiting where it is a pipe or terminal that takes no more for now. 0 or
/// errno.
[[nodiscard]] int write_all(int fd, std::string_view bytes) noexcept;

}  // namespace pflow::host
