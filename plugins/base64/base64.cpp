#include "base64.hpp"

#include <cstddef>
#include <cstdint>

namespace pflow::base64 {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

bool decode(std::string_view text, std::string& bytes) {
  bytes.clear();
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    ++digits;
    bits <<= 6U;
    if (c == '=') {
      ++padding;
    } else {
      const std::size_t value = kAlphabet.find(c);
      if (value == std::string_view::npos || padding != 0) return false;
      bits |= static_cast<std::uint32_t>(value);
    }
    if (digits % 4 != 0) continue;
    if (padding > 2) return false;
    for (unsigned shift = 16, left = 3 - static_cast<unsigned>(padding); left > 0; shift -= 8, --left)
      bytes += static_cast<char>(bits >> shift & 0xFFU);
  }
  return digits % 4 == 0;
}

std::string encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text += i <= group.size() ? kAlphabet[bits >> (18U - 6U * i) & 63U] : '=';
  }
  return text;
}

}  // namespace pflow::base64
