#pragma once

#include <cstddef>
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

/// Like write_json in compact style, but gives up soon after `out` has grown beyond `max_bytes`: false, and `out` is of
/// no use. Text grows with each time that a shared part is written out, so a small value may need it.
[[nodiscard]] bool write_json_within(const Value& v, std::size_t max_bytes, std::string& out);

/// Appends `text` as a JSON string with its quotes.
void write_json_string(std::string_view text, std::string& out);

/// How a value reads inside other text: strings and bytes as they are, null as nothing, everything else as compact
/// JSON.
void write_plain(const Value& v, std::string& out);
/// The same, but false once `out` is longer than `max_bytes`, as for write_json_within.
[[nodiscard]] bool write_plain_within(const Value& v, std::size_t max_bytes, std::string& out);

}  // namespace pflow
