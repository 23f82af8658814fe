#pragma once
#include "llm_error.hpp"
#include "llm_wire.hpp"
#include <pflow/node.hpp>

namespace pflow::llm {

/// What a reply comes to: an answer, or why it is none. A structured answer is parsed (a fence of ``` around it is
/// taken off) and checked. Failures: schema_mismatch, schema_too_costly, malformed_answer, truncated_output, refusal,
/// content_filtered.
struct FinishedAnswer {
  Answer answer;  ///< also of a failure: what came, as text
  std::optional<sdk::Failure> failure;
};

[[nodiscard]] FinishedAnswer finish_answer(const Question& question, const Reply& reply, const Asked& asked);

/// Writes the outputs, of a failure too, so that one can see what came. Throws the failure.
void deliver(sdk::Call& call, const Question& question, const Reply& reply, const Asked& asked);

}  // namespace pflow::llm
