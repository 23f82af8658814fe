#pragma once
#include <string_view>

#include "json_ref.hpp"

namespace pflow::llm {

inline constexpr std::string_view kWrapper = "value";

/// An object schema whose only member, kWrapper, is what `schema` describes: for servers that take objects alone.
/// Definitions stay where "#/$defs/..." finds them.
[[nodiscard]] json::object wrapped_schema(json::object schema);

/// What an answer to a wrapped schema holds; nullptr if it has no such member.
[[nodiscard]] const json::value* unwrapped(const json::value& answer);

}  // namespace pflow::llm
