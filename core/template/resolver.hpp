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

/// What one text may grow to. Templates in a loop double theirs at each turn.
inline constexpr std::size_t kMaxTextBytes = std::size_t{1024} * 1024 * 1024;

/// Says that a text of `kMaxTextBytes` or another limit would be exceeded (kTooLarge).
[[nodiscard]] Error text_too_long(std::size_t max_bytes, std::string_view pointer);
/// Says that a value of more than kMaxValueDepth levels would be made (kTooDeep).
[[nodiscard]] Error value_too_deep(std::string_view pointer);

/// Fills `${node.output.path}` references in parameters from what a scope sees.
///
/// A whole-string reference keeps the JSON type it points at and shares the value; one inside text is written out as
/// text. Not thread-safe (it keeps the last parsed JSON text); cheap to make.
class TemplateResolver {
 public:
  explicit TemplateResolver(OnMissing on_missing, std::size_t max_text_bytes = kMaxTextBytes) noexcept
      : on_missing_(on_missing), max_text_bytes_(max_text_bytes) {}

  /// O(template + text written). `pointer` says where the template stands, for messages.
  /// Errors: kUnresolvedTemplate (message names the reference, hint lists what exists and the nearest name),
  /// kTooDeep (kMaxValueDepth), kTooLarge (a text of more than `max_text_bytes`). Throws std::bad_alloc.
  [[nodiscard]] Result<Value> resolve(const ParamTemplate& t, const Scope& scope, std::string_view pointer);

  /// References kept as text since construction or the last `take_unresolved`.
  [[nodiscard]] Problems take_unresolved() { return std::move(unresolved_); }

  [[nodiscard]] std::size_t unresolved_count() const noexcept { return unresolved_.size(); }

 private:
  [[nodiscard]] Result<Value> resolve_text(const ParamTemplate& t, const Scope& scope, std::string_view pointer);
  [[nodiscard]] Result<Value> resolve_children(const ParamTemplate& t, const Scope& scope, std::string_view pointer);
  [[nodiscard]] Error unresolved(const Path& path, std::string_view pointer, Lookup&& lookup) const;

  OnMissing on_missing_;
  std::size_t max_text_bytes_;
  JsonTextCache cache_;
  Problems unresolved_;
};

}  // namespace pflow
