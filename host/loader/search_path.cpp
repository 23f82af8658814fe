#include "host/loader/search_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace pflow::host {
namespace {

namespace fs = std::filesystem;

#if defined(_WIN32)
constexpr std::string_view kSuffix = ".pflow.dll";
constexpr char kSeparator = ';';
#else
constexpr std::string_view kSuffix = ".pflow.so";
constexpr char kSeparator = ':';
#endif

}  // namespace

std::vector<PluginPlace> plugin_places(const SearchPathOptions& options, std::vector<std::string>& notes) {
  std::vector<PluginPlace> places;
  std::error_code ec;
  for (const std::string& file : options.plugin_files)
    places.push_back({std::string(kNamedPlugin), fs::absolute(file, ec), true});
  for (const std::string& dir : options.plugin_dirs) {
    places.push_back({"--plugin-dir", fs::absolute(dir, ec), false});
    if (!fs::is_directory(dir, ec)) notes.push_back(fmt::format("--plugin-dir: there is no folder \"{}\"", dir));
  }
  std::string_view rest = options.environment_path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(kSeparator), rest.size());
    const fs::path entry(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (entry.empty()) continue;
    if (entry.is_absolute()) {
      places.push_back({"PFLOW_PLUGIN_PATH", entry, false});
    } else {
      notes.push_back(fmt::format("PFLOW_PLUGIN_PATH: \"{}\" is relative and was left out", entry.string()));
    }
  }
  if (!options.home.empty()) places.push_back({"home", options.home / "plugins", false});
  if (!options.installed.empty()) places.push_back({"installed", options.installed, false});
  return places;
}

std::vector<fs::path> plugin_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ec;
  for (fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, ec), end; !ec && it != end;
       it.increment(ec)) {
    if (it->path().filename().string().ends_with(kSuffix)) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace pflow::host
