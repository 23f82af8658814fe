#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "core/base/result.hpp"
#include "core/trace/trace_sink.hpp"

namespace pflow::host {

/// A trace on disk, in a file of its own that only this user can read.
class TraceFile final : public TraceSink {
 public:
  /// Makes `folder`/`stem`.json, or -2.json, -3.json, ... when there is one: no run overwrites another, be they started
  /// in the same second. Folders that are missing are made, for this user alone; links in the file's place are not
  /// followed. A file-size limit (RLIMIT_FSIZE) then makes writes fail and no longer ends the process: SIGXFSZ gets a
  /// handler that does nothing, unless somebody else has one; programs started later have the signal's default.
  /// Error: kIo (`where` is the folder or the file).
  [[nodiscard]] static Result<std::unique_ptr<TraceFile>> create(const std::filesystem::path& folder,
                                                                 std::string_view stem);

  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  ~TraceFile() override;

  /// One pwrite(2). When only a part finds room, the file is put back as it was, provided that no more than the last
  /// kTail bytes were to be replaced.
  [[nodiscard]] bool write_at(std::uint64_t offset, std::string_view text) noexcept override;

  static constexpr std::size_t kTail = 64;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }  ///< absolute

 private:
  TraceFile(int fd, std::filesystem::path path) noexcept : fd_(fd), path_(std::move(path)) {}

  void undo(std::uint64_t offset) noexcept;
  void remember(std::string_view text) noexcept;

  int fd_;
  std::filesystem::path path_;
  std::uint64_t size_ = 0;
  std::array<char, kTail> tail_{};  // the file's last bytes
  std::size_t tail_size_ = 0;
};

/// A run still writes this trace.
[[nodiscard]] bool is_being_written(const std::filesystem::path& path) noexcept;

}  // namespace pflow::host
