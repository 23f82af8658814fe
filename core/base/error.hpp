#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pflow {

/// What went wrong, as a stable word for programs. `code_name` gives the text that users and scripts see.
enum class Code : std::uint8_t {
  // The command line.
  kUsage,
  // The document, its inputs and outputs.
  kUnreadable,
  kTooLarge,
  kInvalidJson,
  kDuplicateKey,
  kTooDeep,
  kUnknownKey,
  kMissingKey,
  kWrongType,
  kInvalidValue,
  kDuplicateId,
  kUnknownNode,
  kNameClash,
  kUnknownParameter,
  kMissingParameter,
  kInvalidParameter,
  kUnknownReference,
  kNotUpstream,
  kUnreachableNode,
  kUnsafeTemplate,
  kUnsupported,
  kMissingInput,
  kUnknownInput,
  kInvalidInput,
  kUnknownOutput,
  // Plugins and what they offer.
  kUnknownNodeType,
  kAmbiguousNodeType,
  kUnknownProvider,
  kMissingSecret,
  kPluginRefused,
  kPluginBroken,
  // A run.
  kNodeFailed,
  kItemsFailed,
  kUnresolvedTemplate,
  kPluginMisbehaved,
  kNoEdge,
  kVisitLimit,
  kTimeout,
  kDeadlineExceeded,
  kBudgetExceeded,
  kOutputUnavailable,
  kUnpricedModel,
  kUnknownUsage,
  kOldPrices,
  kUnusedPrice,
  kIo,
  kOutOfMemory,
  kInternal,
  kCancelled,
};

/// Which part of the world has to change for an error to go away; exit codes derive from it.
enum class Blame : std::uint8_t { kUsage, kDocument, kPlugin, kRun, kUser };

struct CodeInfo {
  Code code;
  std::string_view name;  ///< stable: "unknown_node_type"
  Blame blame;
};

[[nodiscard]] const std::vector<CodeInfo>& all_codes();
[[nodiscard]] std::string_view code_name(Code code) noexcept;
[[nodiscard]] Blame blame_of(Code code) noexcept;

/// One problem, told to a person: what is wrong, where, and how to mend it.
struct Error {
  Code code = Code::kInternal;
  std::string message = {};    ///< one sentence without a final stop
  std::string where = {};      ///< file and line:column, file and JSON Pointer, or empty
  std::string hint = {};       ///< what is available, or what to do; may have several lines
  std::string node_id = {};    ///< the node that failed, or empty
  std::string node_code = {};  ///< a plugin's own machine code ("exit_status"); replaces the code's name

  [[nodiscard]] std::string_view code_text() const noexcept {
    return node_code.empty() ? code_name(code) : std::string_view(node_code);
  }

  friend bool operator==(const Error&, const Error&) = default;
};

using Problems = std::vector<Error>;

}  // namespace pflow
