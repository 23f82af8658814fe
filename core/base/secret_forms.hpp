#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pflow {

/// How a text may stand in other texts: as it is, and escaped as JSON does, once and twice, by writers that escape more
/// or less.
[[nodiscard]] std::vector<std::string> text_forms(std::string_view text);

/// How a text may be coded: percent-encoded as in URLs, in hexadecimal, and in base64 (both alphabets), of which each
/// form is the part that does not depend on what stands before and after the text in what was coded.
[[nodiscard]] std::vector<std::string> coded_forms(std::string_view text);

}  // namespace pflow
