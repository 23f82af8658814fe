#pragma once

#include <functional>
#include <string_view>

#include "core/engine/params.hpp"

namespace pflow {

/// What a secret is called, and its value: a text, or whatever a parameter that is marked secret holds.
using SecretVisitor = std::function<void(std::string_view name, const Value& value)>;

/// Visits the secrets that stand in the document: parameters that their type marks as secret, and texts of 8
/// bytes or more under a name like Authorization or api_key, at any depth ("env": {"API_KEY": "..."}).
void visit_constant_secrets(const ParamSet& params, const SecretVisitor& visit);

/// Visits the same of parameters whose templates are filled in: `resolved` is what ParamSet::resolve gave.
void visit_resolved_secrets(const ParamSet& params, const Value& resolved, const SecretVisitor& visit);

/// True when a template can bring a secret: there is something for visit_resolved_secrets that was not known before.
[[nodiscard]] bool holds_secret_template(const ParamSet& params);

}  // namespace pflow
