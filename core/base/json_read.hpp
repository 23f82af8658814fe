#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/value.hpp"

namespace pflow {

struct JsonLimits {
  std::uint32_t max_depth = 64;
};

/// Where in a text a problem is. Lines and columns start at 1; columns count bytes.
struct TextPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};

[[nodiscard]] TextPlace place_of(std::string_view text, std::size_t offset) noexcept;

/// Reads one JSON document (RFC 8259) as an immutable Value.
///
/// Stricter than most: a key that occurs twice in an object, a number that no double can hold, text that is not UTF-8
/// and nesting beyond the limit are errors. Integers stay exact up to 64 bits; other numbers are the nearest double. A
/// UTF-8 byte order mark in front is skipped. O(n); any-thread. `name` is what messages call the text ("flow.json");
/// the error's `where` is "name:line:column". Errors: kInvalidJson, kDuplicateKey, kTooDeep.
[[nodiscard]] Result<Value> read_json(std::string_view text, std::string_view name, JsonLimits limits = {});

/// True when `text`, after white space, begins like a JSON object or array: worth a try with read_json.
[[nodiscard]] bool looks_like_json_container(std::string_view text) noexcept;

}  // namespace pflow
