#pragma once

#include <cstddef>
#include <string>

#include "core/base/result.hpp"

namespace pflow::host {

/// Reads a file, or stdin when its name is "-", line by line: memory for the longest line alone.
class LineReader {
 public:
  /// A line that is longer than `max_bytes` is passed over.
  explicit LineReader(std::size_t max_bytes) noexcept : max_bytes_(max_bytes) {}

  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  ~LineReader();

  /// Error: kUnreadable (missing, a folder, no permission).
  [[nodiscard]] Result<void> open(const std::string& path);

  enum class Next : unsigned char { kLine, kTooLong, kEnd };

  /// The next line, without its line feed. Error: kUnreadable; nothing follows it.
  [[nodiscard]] Result<Next> next(std::string& line);

  [[nodiscard]] std::size_t number() const noexcept { return number_; }  ///< of the last line given, from 1

 private:
  [[nodiscard]] Result<std::size_t> fill();

  std::size_t max_bytes_;
  int fd_ = -1;
  std::string name_;
  std::string chunk_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
};

}  // namespace pflow::host
