#pragma once

#include <optional>
#include <string_view>

#include "core/base/error.hpp"
#include "core/ir/workflow.hpp"

namespace pflow::ir {

/// Reads a workflow document. All problems are found in one pass, not only the first: each is appended to `problems`
/// with its place ("flow.json: /nodes/2/type", or "flow.json:3:14" for a syntax error), what is allowed and the nearest
/// name. Returns what could be read; with problems, that is `incomplete` and serves to find more of them; nothing when
/// there are no nodes in it. `source_name` is what messages call the document. Errors: kTooLarge, kInvalidJson,
/// kDuplicateKey, kTooDeep, kUnknownKey, kMissingKey, kWrongType, kInvalidValue, kDuplicateId, kUnknownNode,
/// kNameClash, kUnsupported.
[[nodiscard]] std::optional<Workflow> parse_workflow(std::string_view text, std::string_view source_name,
                                                     Problems& problems);

/// The same for a document that has been read as JSON: one that stands within another. It is called by its place there,
/// "flow.json: /nodes/0/params/workflow_ir", and the pointers of its problems go on from that.
[[nodiscard]] std::optional<Workflow> parse_workflow(const Value& document, std::string_view source_name,
                                                     Problems& problems);

/// "flow.json: /nodes/2/type": how every problem of a document says where it is. The root has the empty pointer and is
/// the document's name alone.
[[nodiscard]] std::string document_place(std::string_view source_name, std::string_view pointer);

}  // namespace pflow::ir
