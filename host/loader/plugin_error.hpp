#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace pflow::host {

/// What is wrong with a plugin's file.
[[nodiscard]] inline Error plugin_error(Code code, const std::filesystem::path& path, std::string message,
                                        std::string hint) {
  Error e;
  e.code = code;
  e.message = std::move(message);
  e.where = path.string();
  e.hint = std::move(hint);
  return e;
}

/// Why a file is not taken for a plugin.
[[nodiscard]] inline Error refused_plugin(const std::filesystem::path& path, std::string message,
                                          std::string hint = "") {
  return plugin_error(Code::kPluginRefused, path, std::move(message), std::move(hint));
}

}  // namespace pflow::host
