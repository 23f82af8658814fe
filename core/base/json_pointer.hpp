#pragma once

#include <string>
#include <string_view>

namespace pflow {

/// "/" and the key with "~" and "/" escaped (RFC 6901), whole.
void append_whole_step(std::string_view key, std::string& pointer);

/// "/" and the key with "~" and "/" escaped (RFC 6901); a key beyond 200 bytes is shortened, for it is read by people.
void append_pointer_step(std::string_view key, std::string& pointer);

/// `pointer` with one more step.
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::string_view key);

}  // namespace pflow
