#pragma once
#include "llm_answer.hpp"
#include "llm_params.hpp"

namespace pflow::llm::offline {

inline constexpr std::string_view kDefaultModel = "offline";

/// What each image counts, for it is never opened.
inline constexpr std::int64_t kImageTokens = 256;

/// The answer to a node's parameters and its tokens, from nothing but prompt, system, model, the number of images and
/// what cuts it short: the same again each time. A structured answer that does not fit into max_tokens is a text
/// (is_json false) that breaks off. Throws Failure invalid_parameter, unsupported_schema.
[[nodiscard]] Answer make_answer(const Params& params, const sdk::Call& call);

}  // namespace pflow::llm::offline
