#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

#include "core/base/value.hpp"
#include "host/loader/plugin_file.hpp"
#include "host/loader/scan_result.hpp"

namespace pflow::host {

/// Remembers what scanning plugins gave, so that a run opens only the libraries that its workflow names. One file,
/// $PFLOW_HOME/cache/plugins.json: read when it is good and nobody else could have written it, rebuilt when it is not,
/// replaced atomically, and done without when it cannot be written. Not thread-safe; several processes may share the
/// file.
class ScanCache {
 public:
  /// `folder` empty: remembers nothing.
  explicit ScanCache(std::filesystem::path folder);

  /// What is known of this very content, or nothing.
  [[nodiscard]] std::optional<ScanResult> find(const std::filesystem::path& path, const FileIdentity& id) const;
  void remember(const std::filesystem::path& path, const FileIdentity& id, const ScanResult& scan);
  void forget(const std::filesystem::path& path);
  void save();  ///< writes when something has changed; says nothing when it cannot

 private:
  struct Entry {
    FileIdentity id;
    Value scan;
  };

  void load();

  std::filesystem::path folder_;
  std::unordered_map<std::string, Entry> entries_;
  bool changed_ = false;
};

}  // namespace pflow::host
