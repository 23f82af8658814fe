#pragma once

#include <string>
#include <string_view>

namespace pflow {

/// A type's name as sentences say it: "an integer", "a string"; "null" and "bytes" stand alone.
[[nodiscard]] std::string with_article(std::string_view type_name);

}  // namespace pflow
