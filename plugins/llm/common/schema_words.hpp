#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "json_ref.hpp"

namespace pflow::llm {

/// "an object", "a string", ...
[[nodiscard]] std::string_view words(json::kind kind) noexcept;

/// Equal as JSON Schema means it: 1 and 1.0 are.
[[nodiscard]] bool same_value(const json::value& a, const json::value& b);

/// What the words of a schema that look at one value alone say against it: type, enum, const, limits, pattern.
[[nodiscard]] std::optional<std::string> simple_mismatch(const json::object& schema, const json::value& value);

/// Characters, not bytes.
[[nodiscard]] std::size_t character_count(std::string_view utf8) noexcept;

/// True when `text` holds a match of `pattern`; also when the pattern is none that is understood.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

/// What a JSON Pointer or its form as a fragment ("#/$defs/a") finds; nullptr: nothing.
[[nodiscard]] const json::value* find_pointer(const json::value& root, std::string_view pointer);

/// Appends a step to a JSON Pointer.
[[nodiscard]] std::string step(const std::string& path, std::string_view key);

}  // namespace pflow::llm
