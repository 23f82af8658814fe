#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/value.hpp"

namespace pflow::host {

/// Keeps secret values out of what is said beside the result: each becomes <redacted:NAME>, as it is and as it stands
/// in a JSON text. Values of fewer than 4 bytes are left alone: taking them out would tell more than it hides. Filled
/// before the run, then only read: any thread.
class Redactor {
 public:
  /// Every text inside `value` is secret.
  void add(std::string_view name, const Value& value);

  [[nodiscard]] bool empty() const noexcept { return secrets_.empty(); }

  [[nodiscard]] std::string redact(std::string_view text) const;
  void redact(Problems& problems) const;

 private:
  struct Secret {
    std::string text;
    std::string mark;
  };

  void add_text(std::string_view name, std::string_view text);

  std::vector<Secret> secrets_;  // the longest first: one may be part of another
};

}  // namespace pflow::host
