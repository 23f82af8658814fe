#include "core/base/secret_forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"

namespace pflow {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string escaped(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out.substr(1, out.size() - 2);
}

std::string with_escaped_slashes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '/') out += '\\';
    out += c;
  }
  return out;
}

void add_unicode_escape(std::uint32_t code_unit, std::string& out) {
  out += fmt::format("\\u{:04x}", code_unit);
}

// Of an escaped text: everything beyond ASCII as \uXXXX.
std::string in_ascii(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size == 1 || i + size > text.size()) {
      out += text[i++];
      continue;
    }
    std::uint32_t code = lead & (0x7fU >> size);
    for (std::size_t k = 1; k < size; ++k)
      code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
    if (code >= 0x10000) {
      add_unicode_escape(0xd800 + ((code - 0x10000) >> 10), out);
      add_unicode_escape(0xdc00 + ((code - 0x10000) & 0x3ff), out);
    } else {
      add_unicode_escape(code, out);
    }
    i += size;
  }
  return out;
}

// The characters of the base64 of "<`before` bytes>text<anything>" that say `text` alone.
std::string base64_middle(std::string_view text, std::size_t before, std::string_view alphabet) {
  const std::size_t first = (8 * before + 5) / 6;
  const std::size_t last = 8 * (before + text.size()) / 6;  // one past
  std::string out;
  for (std::size_t at = first; at < last; ++at) {
    std::uint32_t sextet = 0;
    for (std::size_t bit = 6 * at; bit < 6 * at + 6; ++bit) {
      const auto byte = static_cast<unsigned char>(text[bit / 8 - before]);
      sextet = sextet << 1 | (byte >> (7 - bit % 8) & 1U);
    }
    out += alphabet[sextet];
  }
  return out;
}

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// `kept`: what this encoder leaves alone besides letters, digits and -._~
std::string percent_encoded(std::string_view text, bool upper, std::string_view kept, bool plus) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else if (c == ' ' && plus) {
      out += '+';
    } else {
      out += upper ? fmt::format("%{:02X}", byte) : fmt::format("%{:02x}", byte);
    }
  }
  return out;
}

void add(std::string form, std::string_view text, std::vector<std::string>& forms) {
  if (form != text && std::find(forms.begin(), forms.end(), form) == forms.end()) forms.push_back(std::move(form));
}

}  // namespace

std::vector<std::string> text_forms(std::string_view text) {
  std::vector<std::string> forms{std::string(text)};
  if (!is_utf8(text)) return forms;
  std::vector<std::string> once{escaped(text)};
  add(in_ascii(once.front()), "", once);
  for (const std::string& form : std::vector<std::string>(once))
    add(with_escaped_slashes(form), "", once);
  for (const std::string& form : once) {
    add(form, text, forms);
    add(escaped(form), text, forms);
  }
  return forms;
}

std::vector<std::string> coded_forms(std::string_view text) {
  std::vector<std::string> forms;
  for (std::size_t before = 0; before < 3; ++before) {
    for (const std::string_view alphabet : {kBase64, kBase64Url}) {
      std::string form = base64_middle(text, before, alphabet);
      add(with_escaped_slashes(form), text, forms);
      add(std::move(form), text, forms);
    }
  }
  for (const bool upper : {true, false}) {
    for (const std::string_view kept : {"", "/", "!*'()", ":/?#[]@!$&'()*+,;="}) {
      add(percent_encoded(text, upper, kept, false), text, forms);
      add(percent_encoded(text, upper, kept, true), text, forms);
    }
    std::string hex;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      hex += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
    }
    add(std::move(hex), text, forms);
  }
  return forms;
}

}  // namespace pflow
