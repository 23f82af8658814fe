#pragma once
#include <string_view>

#include "llm_params.hpp"
#include "llm_wire.hpp"
#include <pflow/node.hpp>

namespace pflow::llm {

/// Checks a node's parameters, reads its images and finds the key. Throws Failure: invalid_parameter, missing_key
/// (only where the provider's own server is asked; another one may need none) and what read_image throws.
[[nodiscard]] Question make_question(const ProviderFacts& facts, const Params& params, sdk::Call& call);

/// A host's value as JSON, numbers exactly. Throws Failure invalid_parameter for bytes and for more than 64 levels.
[[nodiscard]] json::value to_json(sdk::Value value, std::string_view param);

}  // namespace pflow::llm
