#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pflow/plugin.h"

namespace pflow::host {

/// Collects the head of an answer from its lines. Those of 1xx answers are passed over, trailers too.
class HeadReader {
 public:
  enum class Line : std::uint8_t { kMore, kComplete, kTooLarge };

  static constexpr std::size_t kMostBytes = 256U << 10;

  void reset() noexcept;

  /// One line with its line feed, as libcurl hands it over. kComplete: this was the last one of a final head.
  [[nodiscard]] Line take(std::string_view line);

  [[nodiscard]] std::int32_t status() const noexcept { return status_; }  ///< 0: no final status line came

  [[nodiscard]] bool complete() const noexcept { return complete_; }

  /// In their order, as the server spelled them; valid until the next call of `take` or `reset`.
  [[nodiscard]] const std::vector<pflow_header>& headers();

  /// The first one's value.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name);

 private:
  struct Piece {
    std::size_t name;
    std::size_t name_size;
    std::size_t value;
    std::size_t value_size;
  };

  void begin(std::string_view line) noexcept;

  std::string text_;
  std::vector<Piece> pieces_;
  std::vector<pflow_header> headers_;
  std::int32_t status_ = 0;
  bool informational_ = false;
  bool complete_ = false;
};

}  // namespace pflow::host
