#pragma once

#include <array>
#include <string_view>

/// Every key of a workflow document, once, and which of them each object may have (aliases last).
/// workflow.schema.json says the same to other programs; a test compares the two.
namespace pflow::ir::keys {

inline constexpr std::string_view kAction = "action";
inline constexpr std::string_view kAs = "as";
inline constexpr std::string_view kBackoff = "backoff";
inline constexpr std::string_view kBatch = "batch";
inline constexpr std::string_view kDefault = "default";
inline constexpr std::string_view kDescription = "description";
inline constexpr std::string_view kEdges = "edges";
inline constexpr std::string_view kEnableNamespacing = "enable_namespacing";
inline constexpr std::string_view kErrorHandling = "error_handling";
inline constexpr std::string_view kFrom = "from";
inline constexpr std::string_view kId = "id";
inline constexpr std::string_view kInputMappings = "input_mappings";
inline constexpr std::string_view kInputs = "inputs";
inline constexpr std::string_view kIrVersion = "ir_version";
inline constexpr std::string_view kItems = "items";
inline constexpr std::string_view kLimits = "limits";
inline constexpr std::string_view kMappings = "mappings";
inline constexpr std::string_view kMaxAttempts = "max_attempts";
inline constexpr std::string_view kMaxConcurrent = "max_concurrent";
inline constexpr std::string_view kMaxCostUsd = "max_cost_usd";
inline constexpr std::string_view kMaxDurationMs = "max_duration_ms";
inline constexpr std::string_view kMaxRetries = "max_retries";
inline constexpr std::string_view kMaxWaitMs = "max_wait_ms";
inline constexpr std::string_view kMetadata = "metadata";
inline constexpr std::string_view kName = "name";
inline constexpr std::string_view kNodes = "nodes";
inline constexpr std::string_view kOutputMappings = "output_mappings";
inline constexpr std::string_view kOutputs = "outputs";
inline constexpr std::string_view kParallel = "parallel";
inline constexpr std::string_view kParams = "params";
inline constexpr std::string_view kParameters = "parameters";
inline constexpr std::string_view kPurpose = "purpose";
inline constexpr std::string_view kRequired = "required";
inline constexpr std::string_view kRetry = "retry";
inline constexpr std::string_view kRetryWait = "retry_wait";
inline constexpr std::string_view kSecret = "secret";
inline constexpr std::string_view kSource = "source";
inline constexpr std::string_view kStartNode = "start_node";
inline constexpr std::string_view kStdin = "stdin";
inline constexpr std::string_view kTarget = "target";
inline constexpr std::string_view kTemplateResolutionMode = "template_resolution_mode";
inline constexpr std::string_view kTimeoutMs = "timeout_ms";
inline constexpr std::string_view kTo = "to";
inline constexpr std::string_view kType = "type";
inline constexpr std::string_view kWaitMs = "wait_ms";

// Words that are values.
inline constexpr std::string_view kContinue = "continue";
inline constexpr std::string_view kFailFast = "fail_fast";
inline constexpr std::string_view kPermissive = "permissive";
inline constexpr std::string_view kStrict = "strict";

inline constexpr std::array kRootKeys{kIrVersion,
                                      kName,
                                      kDescription,
                                      kNodes,
                                      kEdges,
                                      kStartNode,
                                      kInputs,
                                      kOutputs,
                                      kEnableNamespacing,
                                      kTemplateResolutionMode,
                                      kLimits,
                                      kMappings,
                                      kMetadata};
inline constexpr std::array kNodeKeys{kId, kType, kPurpose, kParams, kBatch, kRetry, kTimeoutMs, kParameters};
inline constexpr std::array kBatchKeys{kItems, kAs, kParallel, kMaxConcurrent, kErrorHandling, kMaxRetries, kRetryWait};
inline constexpr std::array kRetryKeys{kMaxAttempts, kWaitMs, kBackoff, kMaxWaitMs};
inline constexpr std::array kEdgeKeys{kFrom, kTo, kAction, kSource, kTarget};
inline constexpr std::array kInputKeys{kDescription, kType, kRequired, kDefault, kStdin, kSecret};
inline constexpr std::array kOutputKeys{kDescription, kType, kSource};
inline constexpr std::array kMappingKeys{kInputMappings, kOutputMappings};
inline constexpr std::array kLimitsKeys{kMaxCostUsd, kMaxDurationMs};

inline constexpr std::array kTemplateModeWords{kStrict, kPermissive};
inline constexpr std::array kErrorHandlingWords{kFailFast, kContinue};

}  // namespace pflow::ir::keys
