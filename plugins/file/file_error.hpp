#pragma once
#include <string>
#include <string_view>

namespace pflow::file {

/// Throws the sdk::Failure for a system error: a stable code ("not_found", "permission_denied", "is_directory",
/// "exists", "no_space", "too_large", ...), a message with the path and what to do, origin_code = `error` (an errno).
/// `doing` completes "cannot ... <path>": "read", "write".
[[noreturn]] void fail(int error, std::string_view doing, const std::string& path);

/// The same with a hint of the caller's instead of the usual one.
[[noreturn]] void fail(int error, std::string_view doing, const std::string& path, std::string_view hint);

}  // namespace pflow::file
