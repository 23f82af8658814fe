#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pflow {

/// The texts in which a secret may stand, each once: as it is; escaped in JSON, as several writers do it, and in JSON
/// within JSON; in base64 and base64url, wherever in the encoded bytes it begins; percent-encoded; in hexadecimal
/// digits. Secrets of fewer than 6 bytes have no encodings: too much else looks like them. O(secret).
[[nodiscard]] std::vector<std::string> forms_of(std::string_view secret);

}  // namespace pflow
