#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/value.hpp"
#include "core/ir/workflow.hpp"

namespace pflow::ir {

/// One value for one input, from anywhere. Text (the command line, stdin, the environment) is typed by the input's
/// declaration; a value that already has a type (a JSON file) must have the declared one.
struct GivenInput {
  std::string name;
  Value value;  ///< a kString when `is_text`; kBytes is allowed for text that is not UTF-8
  bool is_text = true;
  std::string origin;  ///< for messages: "the command line", "stdin", "inputs.json", "PFLOW_INPUT_CITY"
};

struct BoundInput {
  std::string name;
  Value value;
  bool secret = false;
};

/// Matches what was given to what the workflow declares. `given` is ordered by precedence: the first of a name wins.
/// Every declared input is in the result, in the order declared (one that is optional and was not given is null), and
/// undeclared ones after them when the workflow declares no inputs at all; those are typed by look.
/// The result is meant for use only when no problem was added. No message holds the value of a secret input.
/// Problems: kMissingInput (one for each missing input), kUnknownInput, kInvalidInput, kNameClash (an undeclared input
/// named like a node).
[[nodiscard]] std::vector<BoundInput> bind_inputs(const Workflow& workflow, const std::vector<GivenInput>& given,
                                                  Problems& problems);

/// The environment variable that gives an input: "PFLOW_INPUT_API_KEY" for "api-key".
[[nodiscard]] std::string environment_name(std::string_view input);

}  // namespace pflow::ir
