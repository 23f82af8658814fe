#pragma once
#include <optional>
#include <string>

#include "json_ref.hpp"

namespace pflow::llm {

/// Where a value is not what a schema says.
struct Mismatch {
  std::string path;  ///< a JSON Pointer into the value; empty: its root
  std::string what;  ///< "expected an integer, got a string"
};

/// The first mismatch in the order of the value, or nothing. Understands JSON Schema's type, enum, const, properties,
/// required, additionalProperties, patternProperties, propertyNames, items, prefixItems, contains, the limits of sizes
/// and numbers, uniqueItems, multipleOf, pattern, anyOf, oneOf, allOf, not, if/then/else and $ref inside the schema.
/// Annotations and unknown words constrain nothing; what a schema says of more than 64 levels is not looked at.
[[nodiscard]] std::optional<Mismatch> check_schema(const json::value& schema, const json::value& value);

}  // namespace pflow::llm
