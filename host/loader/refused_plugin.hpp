#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace pflow::host {

/// Why a file is not taken for a plugin.
[[nodiscard]] inline Error refused_plugin(const std::filesystem::path& path, std::string message,
                                          std::string hint = "") {
  Error e;
  e.code = Code::kPluginRefused;
  e.message = std::move(message);
  e.where = path.string();
  e.hint = std::move(hint);
  return e;
}

}  // namespace pflow::host
