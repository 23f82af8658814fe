#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.hpp"

namespace pflow::host {

/// The SHA-256 of a file's content, as 64 lower-case hex digits. Reads piece by piece. Error: kUnreadable.
[[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace pflow::host
