#pragma once
#include <cstdint>
#include <string_view>

#include "llm_wire.hpp"

namespace pflow::llm::anthropic {

/// How an answer is made to be JSON of a schema.
enum class OutputForm : std::uint8_t {
  kText,         ///< not at all
  kFormat,       ///< output_config.format
  kTool,         ///< the input of a tool, which is the answer
  kWrappedTool,  ///< the same, in its member kWrapper: a tool's input is an object, and the schema is of no object
};

inline constexpr std::string_view kType = "type";  ///< a word of messages and of JSON Schema
inline constexpr std::string_view kToolName = "answer";
inline constexpr std::string_view kFormatFeature = "output_config";  ///< in Question::refused
inline constexpr std::string_view kThinkingFeature = "thinking";     ///< the same

[[nodiscard]] OutputForm output_form(const Question& question);

/// The schema as output_config takes it: an object that does not say otherwise has no other members, and limits that it
/// refuses are left out.
[[nodiscard]] json::value strict_schema(const json::value& schema);

/// The schema of the tool's input.
[[nodiscard]] json::object tool_schema(const json::object& schema, OutputForm form);

}  // namespace pflow::llm::anthropic
