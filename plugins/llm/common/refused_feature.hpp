#pragma once
#include <string_view>

#include "llm_wire.hpp"

/// What a server does not take, read out of its words, for Wire::adjust. Features of one vendor alone are named there.
namespace pflow::llm {

inline constexpr std::string_view kTemperatureFeature = "temperature";

/// Schemas whose root is no object. The schema is sent as wrapped_schema makes it, and what the answer holds is the
/// answer.
inline constexpr std::string_view kBareSchemaFeature = "bare schema";

[[nodiscard]] bool speaks_of(const ProviderError& error, std::string_view word) noexcept;

/// The model does not know `parameter` at all; a value out of range is the user's to mend.
[[nodiscard]] bool says_unsupported(const ProviderError& error, std::string_view parameter) noexcept;

/// Notes the feature as refused. False: it was known.
[[nodiscard]] bool refuse_feature(Question& question, std::string_view feature);

[[nodiscard]] bool sends_temperature(const Question& question) noexcept;

}  // namespace pflow::llm
