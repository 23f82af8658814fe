#include "charset.hpp"

#include <array>
#include <cstdint>

namespace pflow::fetch {
namespace {

// Bytes 0x80 to 0x9F.
constexpr std::array<std::uint16_t, 32> kUpperControls = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

void append_character(std::string& out, std::uint32_t c) {
  if (c < 0x800U) {
    out += static_cast<char>(0xC0U | c >> 6U);
  } else {
    out += static_cast<char>(0xE0U | c >> 12U);
    out += static_cast<char>(0x80U | (c >> 6U & 0x3FU));
  }
  out += static_cast<char>(0x80U | (c & 0x3FU));
}

}  // namespace

std::size_t character_bytes(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80U) return 1;
  if (first < 0xC2U || first > 0xF4U) return 0;
  const std::size_t bytes = first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
  if (text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const bool overlong = (first == 0xE0U && byte(1) < 0xA0U) || (first == 0xF0U && byte(1) < 0x90U);
  const bool no_scalar = (first == 0xEDU && byte(1) > 0x9FU) || (first == 0xF4U && byte(1) > 0x8FU);
  return overlong || no_scalar ? 0 : bytes;
}

bool is_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t length = character_bytes(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string from_windows_1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80U) {
      out += c;
    } else {
      append_character(out, byte < 0xA0U ? kUpperControls[byte - 0x80U] : byte);
    }
  }
  return out;
}

bool is_windows_1252(std::string_view charset) noexcept {
  constexpr std::array<std::string_view, 18> kNames = {
      "windows-1252", "cp1252",          "x-cp1252",    "iso-8859-1", "iso8859-1", "iso88591",
      "iso_8859-1",   "iso_8859-1:1987", "iso-ir-100",  "latin1",     "latin-1",   "l1",
      "cp819",        "ibm819",          "csisolatin1", "us-ascii",   "ascii",     "ansi_x3.4-1968"};
  for (const std::string_view name : kNames) {
    if (charset == name) return true;
  }
  return false;
}

}  // namespace pflow::fetch
