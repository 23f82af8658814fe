#pragma once

#include <functional>
#include <string_view>

#include "core/base/value.hpp"
#include "core/template/param_template.hpp"

namespace pflow {

using SecretVisitor = std::function<void(std::string_view name, const Value& value)>;

/// Finds what is a secret by its name in the parameters of a node, whatever its type says: a member such as
/// headers.Authorization or body.password; in `env`, also what is_secret_variable knows; in URLs, ?key= and the like
/// and a password before the host. Values of fewer than Redactor::kShortestNamed bytes are passed over.

/// In what the document says; templates are passed over. `name` is the parameter's.
void visit_written_secrets(std::string_view name, const Value& written, const SecretVisitor& visit);

/// In a value that is no template, such as an input's.
void visit_secrets(std::string_view name, const Value& value, const SecretVisitor& visit);

/// Whether filling `param` in may bring such a secret.
[[nodiscard]] bool may_bring_secrets(std::string_view name, const ParamTemplate& param);

/// What filling `param` in has brought: `filled` is what it became.
void visit_filled_secrets(std::string_view name, const ParamTemplate& param, const Value& filled,
                          const SecretVisitor& visit);

}  // namespace pflow
