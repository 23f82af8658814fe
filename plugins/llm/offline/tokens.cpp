#include "tokens.hpp"

namespace pflow::llm::offline {
namespace {

constexpr int kWordCharacters = 4;

bool is_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80U;
}

std::size_t character_end(std::string_view text, std::size_t at) noexcept {
  do
    ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  return at;
}

// Where the token that begins at `at` ends. White space at the text's end is a token too.
std::size_t token_end(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_space(text[at]))
    ++at;
  if (at == text.size() || !is_word(text[at])) return at == text.size() ? at : at + 1;
  for (int taken = 0; taken < kWordCharacters && at < text.size() && is_word(text[at]); ++taken)
    at = character_end(text, at);
  return at;
}

}  // namespace

std::int64_t count_tokens(std::string_view utf8) noexcept {
  std::int64_t count = 0;
  for (std::size_t at = 0; at < utf8.size(); at = token_end(utf8, at))
    ++count;
  return count;
}

std::string_view first_tokens(std::string_view utf8, std::int64_t count) noexcept {
  std::size_t at = 0;
  for (; count > 0 && at < utf8.size(); --count)
    at = token_end(utf8, at);
  return utf8.substr(0, at);
}

}  // namespace pflow::llm::offline
