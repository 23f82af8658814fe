#pragma once

#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/ir/inputs.hpp"
#include "core/ir/workflow.hpp"
#include "host/cli/options.hpp"

namespace pflow::host {

/// Collects what was given for a workflow's inputs, in the order of precedence: words and --input, --inputs-file, stdin
/// for the one input that asks for it, PFLOW_INPUT_<NAME>. `words` are KEY=VALUE; VALUE "@FILE" is the file's exact
/// content, "@@x" the text "@x". `stdin_is_free`: false when the document itself came from there. `unreadable` gets the
/// names of inputs whose source could not be read, which is a problem already.
/// Problems: kUsage (no KEY=VALUE, a key twice), kUnreadable, kTooLarge, those of read_json for an inputs file.
[[nodiscard]] std::vector<ir::GivenInput> gather_inputs(const ir::Workflow& workflow, const Options& options,
                                                        const std::vector<std::string>& words, bool stdin_is_free,
                                                        std::vector<std::string>& unreadable, Problems& problems);

}  // namespace pflow::host
