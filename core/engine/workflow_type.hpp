#pragma once

#include <cstdint>
#include <string_view>

#include "core/engine/node_type.hpp"

namespace pflow {

inline constexpr std::string_view kWorkflowType = "workflow";

inline constexpr std::int64_t kDefaultMaxDepth = 10;  ///< of nested workflows, the run's own not counted
inline constexpr std::int64_t kMostMaxDepth = 64;

// What a node that runs a nested workflow may say.
inline constexpr std::string_view kWorkflowRef = "workflow_ref";
inline constexpr std::string_view kWorkflowName = "workflow_name";
inline constexpr std::string_view kWorkflowIr = "workflow_ir";
inline constexpr std::string_view kParamMapping = "param_mapping";
inline constexpr std::string_view kOutputMapping = "output_mapping";
inline constexpr std::string_view kMaxDepth = "max_depth";

/// The node type that the host itself offers: no plugin is behind it.
[[nodiscard]] const NodeType& workflow_node_type();

}  // namespace pflow
