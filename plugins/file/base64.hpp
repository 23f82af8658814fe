#pragma once
#include <string>
#include <string_view>

namespace pflow::file {

/// Decodes base64 (RFC 4648, padded; line breaks between are skipped) into `bytes`. False if the text is something
/// else.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& bytes);

}  // namespace pflow::file
