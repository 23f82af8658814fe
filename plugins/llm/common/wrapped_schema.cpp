#include "wrapped_schema.hpp"

#include <utility>

namespace pflow::llm {

json::object wrapped_schema(json::object schema) {
  json::object outer{{"type", "object"}};
  for (const std::string_view definitions : {"$defs", "definitions"}) {
    if (const json::value* found = schema.if_contains(definitions)) {
      outer[definitions] = *found;
      schema.erase(definitions);
    }
  }
  outer["properties"] = json::object{{kWrapper, std::move(schema)}};
  outer["required"] = json::array{kWrapper};
  outer["additionalProperties"] = false;
  return outer;
}

const json::value* unwrapped(const json::value& answer) {
  const json::object* object = answer.if_object();
  return object == nullptr ? nullptr : object->if_contains(kWrapper);
}

}  // namespace pflow::llm
