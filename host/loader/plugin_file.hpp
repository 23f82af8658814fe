#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>

#include "core/base/result.hpp"

/// What can be said of a plugin's file before any of its code runs.
namespace pflow::host {

/// Identifies the content of a file as well as the file system can: another file, or the same one written again,
/// differs.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  [[nodiscard]] bool same_file(const FileIdentity& o) const noexcept { return device == o.device && inode == o.inode; }

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// Refuses what may not be loaded: no regular file; an owner who is neither root nor the user; a file or a folder that
/// its group or everybody may write. `path` is canonical. Error: kPluginRefused, whose hint is the command that mends
/// it.
[[nodiscard]] Result<FileIdentity> check_trust(const std::filesystem::path& path);

/// The same for many files: looks at each folder once. Not thread-safe; not to be kept, for folders change.
class TrustChecks {
 public:
  [[nodiscard]] Result<FileIdentity> check(const std::filesystem::path& path);

 private:
  enum class Folder : std::uint8_t { kTrusted, kOthersOwn, kOthersMayWrite };

  [[nodiscard]] Folder folder(const std::filesystem::path& path);

  std::unordered_map<std::string, Folder> folders_;
};

/// Refuses what the loader could not or should not map: no ELF, cut short, another machine's, no library, or, by its
/// note, made for another ABI than this host's. Reads headers only; runs nothing. Error: kPluginRefused.
[[nodiscard]] Result<void> check_image(const std::filesystem::path& path);

/// Refuses an ABI that this host does not offer; both versions are in the message. Error: kPluginRefused.
[[nodiscard]] Result<void> check_abi(const std::filesystem::path& path, unsigned major, unsigned minor,
                                     unsigned min_host_minor);

}  // namespace pflow::host
