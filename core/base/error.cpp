#include "core/base/error.hpp"

namespace pflow {

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> table{
      {Code::kUsage, "usage", Blame::kUsage},
      {Code::kUnreadable, "unreadable", Blame::kDocument},
      {Code::kTooLarge, "too_large", Blame::kDocument},
      {Code::kInvalidJson, "invalid_json", Blame::kDocument},
      {Code::kDuplicateKey, "duplicate_key", Blame::kDocument},
      {Code::kTooDeep, "too_deep", Blame::kDocument},
      {Code::kUnknownKey, "unknown_key", Blame::kDocument},
      {Code::kMissingKey, "missing_key", Blame::kDocument},
      {Code::kWrongType, "wrong_type", Blame::kDocument},
      {Code::kInvalidValue, "invalid_value", Blame::kDocument},
      {Code::kDuplicateId, "duplicate_id", Blame::kDocument},
      {Code::kUnknownNode, "unknown_node", Blame::kDocument},
      {Code::kNameClash, "name_clash", Blame::kDocument},
      {Code::kUnknownParameter, "unknown_parameter", Blame::kDocument},
      {Code::kMissingParameter, "missing_parameter", Blame::kDocument},
      {Code::kInvalidParameter, "invalid_parameter", Blame::kDocument},
      {Code::kUnknownReference, "unknown_reference", Blame::kDocument},
      {Code::kNotUpstream, "not_upstream", Blame::kDocument},
      {Code::kUnreachableNode, "unreachable_node", Blame::kDocument},
      {Code::kUnsafeTemplate, "unsafe_template", Blame::kDocument},
      {Code::kUnsupported, "unsupported", Blame::kDocument},
      {Code::kMissingInput, "missing_input", Blame::kDocument},
      {Code::kUnknownInput, "unknown_input", Blame::kDocument},
      {Code::kInvalidInput, "invalid_input", Blame::kDocument},
      {Code::kUnknownOutput, "unknown_output", Blame::kDocument},
      {Code::kUnknownNodeType, "unknown_node_type", Blame::kPlugin},
      {Code::kAmbiguousNodeType, "ambiguous_node_type", Blame::kPlugin},
      {Code::kUnknownProvider, "unknown_provider", Blame::kPlugin},
      {Code::kMissingSecret, "missing_secret", Blame::kPlugin},
      {Code::kPluginRefused, "plugin_refused", Blame::kPlugin},
      {Code::kPluginBroken, "plugin_broken", Blame::kPlugin},
      {Code::kNodeFailed, "node_failed", Blame::kRun},
      {Code::kItemsFailed, "items_failed", Blame::kRun},
      {Code::kUnresolvedTemplate, "unresolved_template", Blame::kRun},
      {Code::kPluginMisbehaved, "plugin_misbehaved", Blame::kRun},
      {Code::kNoEdge, "no_edge", Blame::kRun},
      {Code::kVisitLimit, "visit_limit", Blame::kRun},
      {Code::kTimeout, "timeout", Blame::kRun},
      {Code::kDeadlineExceeded, "deadline_exceeded", Blame::kRun},
      {Code::kBudgetExceeded, "budget_exceeded", Blame::kRun},
      {Code::kOutputUnavailable, "output_unavailable", Blame::kRun},
      {Code::kUnpricedModel, "unpriced_model", Blame::kRun},
      {Code::kUnknownUsage, "unknown_usage", Blame::kRun},
      {Code::kOldPrices, "old_prices", Blame::kRun},
      {Code::kUnusedPrice, "unused_price", Blame::kRun},
      {Code::kIo, "io", Blame::kRun},
      {Code::kOutOfMemory, "out_of_memory", Blame::kRun},
      {Code::kInternal, "internal", Blame::kRun},
      {Code::kCancelled, "cancelled", Blame::kUser},
  };
  return table;
}

std::string_view code_name(Code code) noexcept {
  return all_codes()[static_cast<std::size_t>(code)].name;
}

Blame blame_of(Code code) noexcept {
  return all_codes()[static_cast<std::size_t>(code)].blame;
}

}  // namespace pflow
