#pragma once
#include <cstdint>
#include <string_view>

/// The offline provider's own count of tokens (docs/providers.md tells it to users): white space belongs to the token
/// that follows; up to four letters, digits or characters beyond ASCII are one token, every other character is one of
/// its own. Tokens put together again are the text.
namespace pflow::llm::offline {

[[nodiscard]] std::int64_t count_tokens(std::string_view utf8) noexcept;

/// The beginning of `utf8`, at most `count` tokens long.
[[nodiscard]] std::string_view first_tokens(std::string_view utf8, std::int64_t count) noexcept;

}  // namespace pflow::llm::offline
