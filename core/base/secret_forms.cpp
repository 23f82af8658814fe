#include "core/base/secret_forms.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <boost/locale/utf.hpp>

#include "core/base/utf8.hpp"

namespace pflow {
namespace {

constexpr std::size_t kShortestEncoded = 6;  // 7 characters of base64: 42 bits that do not come by chance
constexpr std::string_view kLower = "0123456789abcdef";
constexpr std::string_view kUpper = "0123456789ABCDEF";

// What a JSON writer escapes beyond what it must.
struct JsonHabits {
  bool slash = false;      // PHP
  bool html = false;       // Go: < > &
  bool non_ascii = false;  // Python, PHP
  std::string_view hex = kLower;
};

void append_unit(std::uint32_t unit, std::string_view hex, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += hex[unit >> shift & 15];
}

void append_escaped(std::uint32_t c, JsonHabits habits, std::string& out) {
  if (c < 0x10000) return append_unit(c, habits.hex, out);
  append_unit(0xD800 + ((c - 0x10000) >> 10), habits.hex, out);
  append_unit(0xDC00 + ((c - 0x10000) & 0x3FF), habits.hex, out);
}

// `text` is UTF-8.
std::string in_json(std::string_view text, JsonHabits habits) {
  constexpr std::string_view kShort = "\"\\\n\r\t\b\f";
  constexpr std::string_view kLetters = "\"\\nrtbf";
  std::string out;
  out.reserve(text.size() + 8);
  for (const char *p = text.data(), *end = p + text.size(); p != end;) {
    const auto c = static_cast<unsigned char>(*p);
    if (c >= 0x80 && habits.non_ascii) {
      append_escaped(boost::locale::utf::utf_traits<char>::decode(p, end), habits, out);
      continue;
    }
    // \b and \f have short forms that this program's writer does not use; Python, Go and JavaScript do.
    if (const std::size_t at = kShort.find(*p); at != std::string_view::npos && (at < 5 || habits.non_ascii)) {
      (out += '\\') += kLetters[at];
    } else if (c < 0x20 || (habits.html && (c == '<' || c == '>' || c == '&'))) {
      append_unit(c, habits.hex, out);
    } else {
      if (c == '/' && habits.slash) out += '\\';
      out += *p;
    }
    ++p;
  }
  return out;
}

// The characters that depend on nothing but `bytes` when they begin `phase` bytes after a multiple of three.
std::string in_base64(std::string_view bytes, std::size_t phase, std::string_view alphabet) {
  const std::size_t first_bit = phase * 8;
  const std::size_t first = (first_bit + 5) / 6;
  const std::size_t last = (first_bit + bytes.size() * 8) / 6;
  std::string out;
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t bit = i * 6 - first_bit;
    const std::size_t byte = bit / 8;
    std::uint32_t two = static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[byte])) << 8;
    if (byte + 1 < bytes.size()) two |= static_cast<unsigned char>(bytes[byte + 1]);
    out += alphabet[two >> (10 - bit % 8) & 63];
  }
  return out;
}

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string in_percent(std::string_view bytes, std::string_view kept, std::string_view hex, bool plus) {
  std::string out;
  for (const char c : bytes) {
    const auto u = static_cast<unsigned char>(c);
    if (is_alphanumeric(c) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else if (c == ' ' && plus) {
      out += '+';
    } else {
      ((out += '%') += hex[u >> 4]) += hex[u & 15];
    }
  }
  return out;
}

std::string in_hex(std::string_view bytes, std::string_view hex) {
  std::string out;
  for (const char c : bytes) {
    const auto u = static_cast<unsigned char>(c);
    (out += hex[u >> 4]) += hex[u & 15];
  }
  return out;
}

}  // namespace

std::vector<std::string> forms_of(std::string_view secret) {
  std::vector<std::string> forms;
  const auto add = [&](std::string form) {
    if (std::find(forms.begin(), forms.end(), form) == forms.end()) forms.push_back(std::move(form));
  };
  add(std::string(secret));
  // Most keys are the same in JSON and in URLs.
  const bool plain = std::all_of(secret.begin(), secret.end(),
                                 [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
  if (!plain && is_utf8(secret)) {
    constexpr JsonHabits kHabits[] = {{},
                                      {.slash = true},
                                      {.html = true},
                                      {.non_ascii = true},
                                      {.non_ascii = true, .hex = kUpper},
                                      {.slash = true, .non_ascii = true}};
    for (const JsonHabits& habits : kHabits) {
      const std::string once = in_json(secret, habits);
      add(in_json(once, habits));
      add(once);
    }
  }
  if (secret.size() < kShortestEncoded) return forms;
  constexpr std::string_view kAlphabets[] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};
  for (std::size_t phase = 0; phase < 3; ++phase) {
    for (const std::string_view alphabet : kAlphabets)
      add(in_base64(secret, phase, alphabet));
  }
  add(in_hex(secret, kLower));
  add(in_hex(secret, kUpper));
  if (plain) return forms;
  // What stays as it is: RFC 3986; JavaScript's encodeURIComponent; Python's quote; what may stand in a query; a form.
  for (const std::string_view kept : {"-._~", "-._~!'()*", "-._~/", "-._~!$'()*,;:@/?", "-._*"}) {
    for (const std::string_view hex : {kLower, kUpper}) {
      add(in_percent(secret, kept, hex, false));
      add(in_percent(secret, kept, hex, true));
    }
  }
  return forms;
}

}  // namespace pflow
