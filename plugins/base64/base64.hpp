#pragma once
#include <string>
#include <string_view>

namespace pflow::base64 {

/// Decodes base64 (RFC 4648, padded; line breaks between are skipped) into `bytes`. False if the text is something
/// else.
[[nodiscard]] bool decode(std::string_view text, std::string& bytes);

/// Padded, in one line.
[[nodiscard]] std::string encode(std::string_view bytes);

}  // namespace pflow::base64
