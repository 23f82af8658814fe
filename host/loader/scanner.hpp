#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "host/loader/scan_result.hpp"

namespace pflow::host {

/// The hidden first word of the command line that makes the program a scanning child.
inline constexpr std::string_view kScanCommand = "scan-plugins";

/// Looks at plugins in a process of its own: one that crashes, hangs, exits or floods its output while it is loaded
/// costs that process, not this one. One child looks at all of them; after a crash a new one goes on behind the
/// culprit.
class Scanner {
 public:
  struct Options {
    std::filesystem::path program = "/proc/self/exe";  ///< understands kScanCommand
    std::chrono::milliseconds plugin_timeout{10'000};
  };

  explicit Scanner(Options options) : options_(std::move(options)) {}

  /// One result for each path, in order. Thread-safe.
  [[nodiscard]] std::vector<ScanResult> scan(const std::vector<std::filesystem::path>& paths) const;

 private:
  Options options_;
};

/// The child's side: looks at each path and writes what it finds to `fd`. Checks each file itself, for anybody can
/// start it; ends with its parent. Returns the exit code.
[[nodiscard]] int run_scan_child(int fd, const std::vector<std::string>& paths);

}  // namespace pflow::host
