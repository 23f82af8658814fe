#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/ir/parse.hpp"

namespace pflow::ir {

/// "code | where | message | hint | node" a line: tests compare all that a user may see of a problem.
inline std::string text_of(const Problems& problems) {
  std::string out;
  for (const Error& e : problems) {
    out += e.code_text();
    for (const std::string* part : {&e.where, &e.message, &e.hint, &e.node_id})
      out.append(" | ").append(*part);
    out += '\n';
  }
  return out;
}

/// The problems of a document named flow.json.
inline std::string problems_of(std::string_view document) {
  Problems problems;
  const std::optional<Workflow> workflow = parse_workflow(document, "flow.json", problems);
  const bool whole = workflow.has_value() && !workflow->incomplete;
  if (whole != problems.empty()) return "a whole workflow comes without problems, and only then";
  return text_of(problems);
}

/// The workflow of a correct document named flow.json.
inline Workflow workflow_of(std::string_view document) {
  Problems problems;
  return parse_workflow(document, "flow.json", problems).value();
}

}  // namespace pflow::ir
