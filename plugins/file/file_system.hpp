#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <pflow/node.hpp>

namespace pflow::file {

// What the node types need from the system. Every function throws sdk::Failure as file_error.hpp describes it, and
// "cancelled" when the call is cancelled meanwhile. Paths hold no NUL.

enum class Existing { kKeep, kReplace };

/// Reads a whole file piece by piece and gives its length. "too_large" if it is longer than `max_bytes` (what is no
/// regular file, a device or a FIFO, has a limit of 64 MiB where none is given).
std::uint64_t read_file(const std::string& path, std::optional<std::uint64_t> max_bytes, const sdk::Call& call,
                        const std::function<void(std::string_view)>& sink);

/// Puts `bytes` in the place of the file, all or nothing: a new file is written beside it and renamed. Symbolic links
/// are followed; an existing file keeps its permissions, but not set-user-ID and set-group-ID; devices and FIFOs are
/// written to as they are.
void write_file(const std::string& path, std::string_view bytes, const sdk::Call& call);

/// Adds `bytes` at the end, and takes them away again if not all of them fit, unless somebody else has written behind
/// them meanwhile.
void append_file(const std::string& path, std::string_view bytes, const sdk::Call& call);

/// Throws "is_directory" for a path that can only name a directory, whatever is there: "a/", "a/..".
void check_names_file(const std::string& path);

/// Makes the directories that lead to `path` where they are missing.
void create_parents(const std::string& path);

/// Copies content and permission bits; the destination is complete or untouched. Private content stays private
/// meanwhile; a destination that is protected from writing is not replaced.
void copy_file(const std::string& source, const std::string& dest, Existing existing, const sdk::Call& call);

/// Renames, or copies and deletes where the destination is on another device. A symbolic link is moved itself,
/// but not onto the file that it leads to: "same_file".
void move_file(const std::string& source, const std::string& dest, Existing existing, const sdk::Call& call);

/// false = there was nothing of that name. A symbolic link is deleted itself, a directory never.
bool delete_file(const std::string& path);

}  // namespace pflow::file
