#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/engine/node_type.hpp"
#include "core/engine/secret_params.hpp"
#include "core/template/resolver.hpp"

namespace pflow {

/// The parameters of one node, checked against its type and ready to be filled in: constants once and for all,
/// templates at each call. Defaults of the type are in. Immutable: any thread may resolve it.
class ParamSet {
 public:
  struct Param {
    Value name;
    ParamTemplate value;
    const ParamSpec* spec = nullptr;  ///< nullptr: the type does not describe it
    std::string pointer = {};         ///< its place below the parameters: "/message"
    bool brings_secrets = false;      ///< filling it in may bring a secret: by its type's word or by a name
  };

  ParamSet() = default;

  /// `params` is an object or null; `pointer` its place in the document. Each problem is told with its place.
  /// Errors: kUnknownParameter, kMissingParameter, kInvalidParameter. A parameter that the type does not list is an
  /// error when the type is closed or a listed one is near and missing, else a warning. When either
  /// list has more than ProblemList::kMaxProblems, further unknown names are not looked at.
  [[nodiscard]] static ParamSet compile(const Value& params, const NodeType& type, std::string_view pointer,
                                        Problems& errors, Problems& warnings);

  /// Finds out what the templates' first names mean, for all runs over stores with these names.
  void bind(const StoreNames& names);

  [[nodiscard]] bool is_constant() const noexcept { return constant_; }

  [[nodiscard]] const Value& constant() const noexcept { return object_; }  ///< when is_constant

  [[nodiscard]] Value written() const;  ///< as in the document, templates included, defaults added

  [[nodiscard]] const std::vector<Param>& params() const noexcept { return params_; }

  [[nodiscard]] bool brings_secrets() const noexcept { return brings_secrets_; }  ///< any of them does

  /// Errors: those of TemplateResolver::resolve and fit_param; `where` is the place below the parameters ("/message").
  /// `visit` (may be null) is told of the secrets that templates brought, those of a call that then fails included.
  [[nodiscard]] Result<Value> resolve(TemplateResolver& resolver, const Scope& scope,
                                      const SecretVisitor* visit = nullptr) const;

 private:
  bool constant_ = true;
  bool brings_secrets_ = false;
  Value object_;
  std::vector<Param> params_;
};

/// Fits a value to what its parameter declares: an object or array for a string parameter becomes compact JSON text,
/// JSON text for an object or array parameter is parsed. Nothing else is converted. Error: kInvalidParameter ("message"
/// must be a string, not an integer), kTooLarge (the text would be longer than `max_text_bytes`).
[[nodiscard]] Result<Value> fit_param(Value value, const ParamSpec& spec, std::size_t max_text_bytes = kMaxTextBytes);

}  // namespace pflow
