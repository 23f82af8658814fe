#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace pflow::host {

/// What settings.json says, as far as this program reads it (docs/providers.md tells the format). Empty: not said.
struct Settings {
  using Named = std::vector<std::pair<std::string, std::string>>;

  std::string path;  ///< where it is, or would be; for messages
  std::string default_provider;
  std::string default_model;
  Named keys;       ///< secrets: not to be shown anywhere
  Named variables;  ///< plain values, as if they stood in the environment

  [[nodiscard]] static const std::string* find(const Named& list, std::string_view name) noexcept;
};

/// Reads settings.json in `home`, which may be empty: no file is no error. Unknown keys at the root are left alone, for
/// other programs read it too. Errors, whose `where` has the file: kUnreadable, kTooLarge (1 MiB), those of read_json,
/// kWrongType; none shows a key's value. Warnings: kUnknownKey, and kUnsupported when the file holds keys and others
/// may read or change it.
[[nodiscard]] Result<Settings> read_settings(const std::filesystem::path& home, Problems& warnings);

}  // namespace pflow::host
