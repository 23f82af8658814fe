#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pflow::file {

enum class Encoding { kUtf8, kLatin1 };

/// "utf-8" or "latin-1" and their usual other spellings; throws sdk::Failure "unknown_encoding" that lists them.
[[nodiscard]] Encoding encoding_of(std::string_view name);

/// UTF-8 text as latin-1; throws sdk::Failure "not_latin1" for a character that it does not have.
[[nodiscard]] std::string to_latin1(std::string_view utf8);

/// What a file's bytes become on their way into a value, piece by piece: decoded, with line numbers if wanted.
class TextFilter {
 public:
  TextFilter(Encoding encoding, bool line_numbers) : encoding_(encoding), line_numbers_(line_numbers) {}

  /// The text for the next bytes; valid until the next call. The bytes themselves where there is nothing to change.
  [[nodiscard]] std::string_view apply(std::string_view bytes);

 private:
  Encoding encoding_;
  bool line_numbers_;
  bool at_line_start_ = true;
  std::uint64_t line_ = 0;
  std::string text_;
};

}  // namespace pflow::file
