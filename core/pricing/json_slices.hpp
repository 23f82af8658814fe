#pragma once

#include <cstddef>
#include <string_view>

namespace pflow::pricing {

/// Walks over JSON text without reading it: for texts that are known to be JSON, of which only a part is wanted. Text
/// that is no JSON ends the walk early; nothing beyond it is touched. O(n), allocates nothing.
class JsonSlices {
 public:
  explicit JsonSlices(std::string_view text) noexcept;  ///< of an array or an object

  /// The next item or member: false at the end.
  [[nodiscard]] bool next() noexcept;

  [[nodiscard]] std::string_view key() const noexcept { return key_; }  ///< as written, without quotes

  [[nodiscard]] std::string_view value() const noexcept { return value_; }

 private:
  void skip_space() noexcept;
  [[nodiscard]] std::string_view take_value() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_object_ = false;
  std::string_view key_;
  std::string_view value_;
};

}  // namespace pflow::pricing
