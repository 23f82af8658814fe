#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pflow::host {

inline constexpr std::string_view kNamedPlugin = "--plugin";  ///< the origin of a file that was asked for by name

/// A place where plugins are looked for. Earlier places shadow later ones.
struct PluginPlace {
  std::string origin;  ///< how messages call it: "--plugin-dir", "PFLOW_PLUGIN_PATH", "installed", ...
  std::filesystem::path path;
  bool is_file = false;
};

struct SearchPathOptions {
  std::vector<std::string> plugin_files;  ///< --plugin
  std::vector<std::string> plugin_dirs;   ///< --plugin-dir
  std::string environment_path;           ///< PFLOW_PLUGIN_PATH, colon separated; empty entries are skipped
  std::filesystem::path home;             ///< ~/.pflow or PFLOW_HOME; may be empty
  std::filesystem::path installed;        ///< the folder beside the program; may be empty
};

/// The places in their order. Relative entries of the environment are left out: a plugin is never taken from wherever
/// the program happens to be started. `notes` says so, and which folders that were asked for do not exist.
[[nodiscard]] std::vector<PluginPlace> plugin_places(const SearchPathOptions& options, std::vector<std::string>& notes);

/// The files `*.pflow.so` of a folder, sorted; nothing when it cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> plugin_files_in(const std::filesystem::path& folder);

}  // namespace pflow::host
