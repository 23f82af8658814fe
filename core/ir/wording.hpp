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

[[nodiscard]] bool is_reserved_name(std::string_view name) noexcept;

/// A user's text as a JSON string on one line, shortened to 80 bytes.
[[nodiscard]] std::string quoted(std::string_view text);

/// "an integer", "a string", "null", ...
[[nodiscard]] std::string phrase(Value::Type type);
[[nodiscard]] std::string phrase(DataType type);

}  // namespace pflow::ir
