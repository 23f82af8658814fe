#pragma once
#include <string>

#include <pflow/node.hpp>

namespace pflow::llm::offline {

/// The smallest JSON value that satisfies a JSON Schema: required members only, the least number of items, the first
/// of an enumeration, "" or 0 where they fit. Understands type, properties, required, items, minItems, maxItems,
/// minLength, maxLength, minimum, maximum, the exclusive ones, multipleOf, enum, const, anyOf (the first) and local
/// $ref; words that only describe are passed over. Throws Failure unsupported_schema, with the place as a JSON Pointer,
/// for the rest and for schemas that nothing satisfies.
[[nodiscard]] std::string smallest_value(sdk::Value schema, const sdk::Call& call);

}  // namespace pflow::llm::offline
