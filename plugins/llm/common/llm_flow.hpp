#pragma once
#include "llm_params.hpp"
#include "llm_wire.hpp"
#include <pflow/node.hpp>

/// What all providers do alike: the key, the request, the answer in one piece or as a stream, errors, retries, usage,
/// outputs. A provider is a Wire and a node type around it:
///
///     struct Acme {
///       static constexpr std::string_view kType = "llm.acme";
///       static constexpr std::uint32_t kFlags = llm::kProviderFlags;
///       using Params = llm::Params;
///       static void describe(sdk::Description& d) { llm::describe_provider(d, kWire.facts(), "Asks Acme's models."); }
///       void run(const Params& params, sdk::Call& call) const { llm::ask(kWire, params, call); }
///     };
namespace pflow::llm {

inline constexpr std::uint32_t kProviderFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING | PFLOW_NODE_IDEMPOTENT;

/// The descriptor of a provider but for its parameters and examples: text, outputs, retry, models, keys, base URL.
void describe_provider(sdk::Description& d, const ProviderFacts& facts, std::string_view text);

/// Asks; the call ends when the answer has come. `wire` must live as long as the plugin. Throws Failure for what is
/// wrong before anything is sent: invalid_parameter, missing_key, file_not_found, image_too_large, ...
void ask(const Wire& wire, const Params& params, sdk::Call& call);

}  // namespace pflow::llm
