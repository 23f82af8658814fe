#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace pflow::host {

/// Reads a file that only this user can have written: a regular one, no link, owned by the effective user, writable by
/// nobody else. Nothing: it is another kind of file, cannot be read, or has more than `max_bytes`.
[[nodiscard]] std::optional<std::string> read_private_file(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace pflow::host
