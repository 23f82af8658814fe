#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace pflow::fetch {

/// Bytes of the UTF-8 character that `text` begins with; 0 if it begins with none, or is empty.
[[nodiscard]] std::size_t character_bytes(std::string_view text) noexcept;

[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// Bytes of windows-1252 as UTF-8. What that table leaves open becomes the control character of the same number, as
/// browsers have it (encoding.spec.whatwg.org), so that nothing is lost and nothing fails.
[[nodiscard]] std::string from_windows_1252(std::string_view bytes);

/// Whether a charset's name (lower case) means windows-1252 to a browser: it, iso-8859-1 and
/// us-ascii by their names.
[[nodiscard]] bool is_windows_1252(std::string_view charset) noexcept;

}  // namespace pflow::fetch
