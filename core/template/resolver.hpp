#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/store/scope.hpp"
#include "core/template/lookup.hpp"
#include "core/template/param_template.hpp"

namespace pflow {

enum class OnMissing : unsigned char {
  kFail,      ///< strict: the first reference that leads nowhere is the error
  kKeepText,  ///< permissive: the reference stays as written and is noted
};

/// Fills `${node.output.path}` references in parameters from what a scope sees.
///
/// A whole-string reference keeps the JSON type it points at and shares the value; one inside text is written out as
/// text. Not thread-safe (it keeps the last parsed JSON text); cheap to make.
class TemplateResolver {
 public:
  explicit TemplateResolver(OnMissing on_missing) noexcept : on_missing_(on_missing) {}

  /// O(template + text written). `pointer` says where the template stands, for messages.
  /// Errors: kUnresolvedTemplate (message names the reference, hint lists what exists and the nearest name).
  [[nodiscard]] Result<Value> resolve(const ParamTemplate& t, const Scope& scope, std::string_view pointer);

  /// References kept as text since construction or the last `take_unresolved`.
  [[nodiscard]] Problems take_unresolved() { return std::move(unresolved_); }

  [[nodiscard]] std::size_t unresolved_count() const noexcept { return unresolved_.size(); }

 private:
  [[nodiscard]] Result<Value> resolve_text(const ParamTemplate& t, const Scope& scope, std::string_view pointer);
  [[nodiscard]] Result<Value> resolve_children(const ParamTemplate& t, const Scope& scope, std::string_view pointer);
  [[nodiscard]] Error unresolved(const Path& path, std::string_view pointer, Lookup&& lookup) const;

  OnMissing on_missing_;
  JsonTextCache cache_;
  Problems unresolved_;
};

}  // namespace pflow
