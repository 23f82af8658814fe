#pragma once

#include <string>
#include <string_view>

#include "core/base/value.hpp"
#include "core/ir/workflow.hpp"

/// How messages of this room name things.
namespace pflow::ir {

inline constexpr std::string_view kNameRule =
    "A name begins with a letter or \"_\" and goes on with letters, digits, \"_\" and \"-\".";
inline constexpr std::string_view kReservedRule = "Names that begin with \"__\" belong to pflow-host.";

/// True when a template can name it: `[A-Za-z_][A-Za-z0-9_-]*`.
[[nodiscard]] bool is_name(std::string_view text) noexcept;
[[nodiscard]] bool is_reserved_name(std::string_view name) noexcept;

/// A user's text as a JSON string on one line, shortened to 80 bytes.
[[nodiscard]] std::string quoted(std::string_view text);

/// "an integer", "a string", "null", ...
[[nodiscard]] std::string_view phrase(Value::Type type) noexcept;
[[nodiscard]] std::string_view phrase(DataType type) noexcept;

/// "/" and the key with "~" and "/" escaped (RFC 6901); a key beyond 200 bytes is shortened.
void append_pointer_step(std::string_view key, std::string& pointer);

}  // namespace pflow::ir
