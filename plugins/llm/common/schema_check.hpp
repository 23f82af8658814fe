#pragma once
#include <optional>
#include <string>

#include "json_ref.hpp"
#include "schema_rules.hpp"

namespace pflow::llm {

/// Where a value is not what a schema says.
struct Mismatch {
  std::string path;         ///< a JSON Pointer into the value; empty: its root
  std::string what;         ///< "expected an integer, got a string"
  bool too_costly = false;  ///< not that: it was not checked to the end, `what` says why
};

/// The first mismatch in the order of the value, or nothing. Understands JSON Schema's type, enum, const, properties,
/// required, additionalProperties, patternProperties, propertyNames, items, prefixItems, contains, the limits of sizes
/// and numbers, uniqueItems, multipleOf, pattern, anyOf, oneOf, allOf, not, if/then/else and $ref inside the schema.
/// Annotations and unknown words constrain nothing. After a million steps, which is a tenth of a second, and 1000
/// levels of schemas it gives up.
[[nodiscard]] std::optional<Mismatch> check_schema(const SchemaRules& rules, const json::value& value);

}  // namespace pflow::llm
