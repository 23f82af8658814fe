#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pflow::host {

/// Undoes the Content-Encoding of one body, as it comes. Not libcurl's own work: that takes a body that breaks off for
/// a whole one.
class BodyDecoder {
 public:
  static constexpr const char* kAccepted = "gzip, deflate";  ///< for Accept-Encoding

  /// `codings` is the header's value, in any letter case; at most one coding besides "identity" can be undone.
  explicit BodyDecoder(std::string_view codings);

  /// Whether there is nothing to undo.
  [[nodiscard]] bool idle() const noexcept { return coding_.empty(); }

  /// Decodes what fits into `room` and takes what that needs from the front of `input`. Gives the bytes written; 0: it
  /// wants more input, or is broken. What follows the end is passed over, unless it is another gzip member.
  [[nodiscard]] std::size_t next(std::string_view& input, std::span<char> room);

  /// Whether `next` may have more without more input.
  [[nodiscard]] bool filled() const noexcept { return filled_; }

  /// What is wrong, as a clause; empty: nothing so far.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  /// Whether the body may end here: at the end of what is compressed, or before its first byte.
  [[nodiscard]] bool may_end() const noexcept { return !begun_ || ended_; }

 private:
  struct End {
    void operator()(z_stream* stream) const noexcept;
  };

  void begin(unsigned char first);
  [[nodiscard]] bool goes_on(std::string_view& input);

  std::string coding_;
  std::string fault_;
  std::unique_ptr<z_stream, End> stream_;
  bool begun_ = false;
  bool ended_ = false;
  bool filled_ = false;
};

}  // namespace pflow::host
