#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/value.hpp"
#include "host/loader/plugin.hpp"

namespace pflow::host {

/// What one look at a plugin's file gave: what it offers, or why it was refused. Goes from the scanning process to its
/// parent and into the cache as JSON.
struct ScanResult {
  std::optional<Error> error;
  bool may_pass = false;  ///< why it failed may lie outside of the file: worth another look next time
  std::string id;
  std::string version;
  unsigned abi_minor = 0;
  std::vector<OfferedType> types;
  std::vector<std::string> extra_exports;  ///< names exported besides the entry, at most 8
  std::size_t extra_export_count = 0;
};

[[nodiscard]] Value scan_to_value(const ScanResult& scan);
[[nodiscard]] std::optional<ScanResult> scan_from_value(const Value& v);  ///< nothing: not of this form

/// Opens a plugin in this process and looks at it, descriptors included. Runs the plugin's code.
[[nodiscard]] ScanResult scan_plugin(const std::filesystem::path& canonical_path);

}  // namespace pflow::host
