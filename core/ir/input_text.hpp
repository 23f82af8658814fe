#pragma once

#include <optional>
#include <string>

#include "core/base/value.hpp"
#include "core/ir/workflow.hpp"

namespace pflow::ir {

/// What the text of one input reads as, or why it does not.
struct TypedText {
  std::optional<Value> value;
  std::string problem = {};  ///< ends the sentence "the input "x" ...": "must be an integer, not "3.5""
  std::string hint = {};
};

/// Text as a declared type. `text` is a kString or kBytes; a declared string takes either as it is. Decimal digits and
/// JSON numbers only, no white space around them. The text of a secret is in no message.
[[nodiscard]] TypedText type_text(const Value& text, DataType type, bool secret);

/// Text of an input that nobody declared: true, false, null, a JSON number that keeps its digits, a JSON object or
/// array; otherwise the text.
[[nodiscard]] Value type_by_look(const Value& text);

}  // namespace pflow::ir
