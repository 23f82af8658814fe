#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace pflow::host {

/// Replaces a file's content as one step, through a temporary file in the same folder: a reader sees the old content or
/// the new, never a part. Mode 0600. Error: kIo; the old file is untouched then.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& path, std::string_view content);

/// Reads a whole file, or all of stdin when `path` is "-". Errors: kUnreadable (missing, a folder, no
/// permission), kTooLarge (more than `max_bytes`).
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

}  // namespace pflow::host
