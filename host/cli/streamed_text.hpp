#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/redactor.hpp"

namespace pflow::host {

/// Takes secrets out of texts that come in pieces, from several sources at once: what may be the beginning of a secret
/// waits for the source's next piece. Not thread-safe; the redactor is borrowed and may grow.
class StreamedText {
 public:
  explicit StreamedText(const Redactor& redactor) noexcept : redactor_(redactor) {}

  /// What can be shown now.
  [[nodiscard]] std::string add(const void* source, std::string_view piece);

  /// What has waited; nothing more comes.
  [[nodiscard]] std::string end(const void* source);
  [[nodiscard]] std::string end_all();

 private:
  const Redactor& redactor_;
  std::map<const void*, std::string> waiting_;  // none is empty
};

}  // namespace pflow::host
