#pragma once
#include "llm_wire.hpp"

namespace pflow::llm::gemini {

/// A JSON Schema as responseSchema takes it, a part of OpenAPI's: words that it does not know are left out, "null" in a
/// list of types becomes `nullable`, `const` an enum, $ref what it leads to. What refers to itself ends after 16
/// levels and 2000 parts.
[[nodiscard]] json::object openapi_schema(const json::object& schema);

}  // namespace pflow::llm::gemini
