#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/engine/node_type.hpp"

namespace pflow::host {

/// The largest descriptor that is read.
inline constexpr std::size_t kMaxDescriptorBytes = std::size_t{1} * 1024 * 1024;

/// The type of node that is resolved to one of the types that implement it.
inline constexpr std::string_view kLlm = "llm";

/// Reads what a plugin says of a node type (docs/plugins.md tells the format to authors). Unknown keys are left
/// alone: they may be for a later host. Fills everything but name, version, plugin_path and the flags; a provider that
/// does not say its name has none. Error: kPluginBroken, whose `where` is a JSON Pointer into the descriptor.
[[nodiscard]] Result<NodeType> read_descriptor(std::string_view json_text);

}  // namespace pflow::host
