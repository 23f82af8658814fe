#pragma once

#include <string>
#include <string_view>

#include "core/base/value.hpp"

namespace pflow {

enum class JsonStyle : unsigned char { kCompact, kIndented };

/// Appends `v` as JSON. Text keeps its characters (only quotes, backslashes and controls are escaped); numbers are the
/// shortest text that reads back as the same number, a float always with a point or an exponent; bytes become
/// {"$base64": "..."}. Independent of the locale. O(size).
void write_json(const Value& v, std::string& out, JsonStyle style = JsonStyle::kCompact);
[[nodiscard]] std::string to_json(const Value& v, JsonStyle style = JsonStyle::kCompact);

/// Appends `text` as a JSON string with its quotes.
void write_json_string(std::string_view text, std::string& out);

/// How a value reads inside other text: strings and bytes as they are, null as nothing, everything else as compact
/// JSON.
void write_plain(const Value& v, std::string& out);

}  // namespace pflow
