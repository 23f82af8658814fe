#include "core/base/json_write.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace pflow {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

template <typename Number>
void write_number(Number n, std::string& out) {
  std::array<char, 32> buffer{};
  const auto [end, ec] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), n);
  static_cast<void>(ec);  // 32 characters hold every 64-bit number
  out.append(buffer.data(), end);
}

void write_float(double d, std::string& out) {
  const std::size_t start = out.size();
  write_number(d, out);
  if (out.find_first_of(".e", start) == std::string::npos) out += ".0";
}

void write_base64(std::string_view bytes, std::string& out) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= n ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
    }
  }
}

void new_line(std::string& out, int depth) {
  out += '\n';
  out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

// Gives up soon after `out` has more than `max_bytes`.
void write(const Value& v, std::string& out, JsonStyle style, std::size_t max_bytes, int depth) {
  const bool indented = style == JsonStyle::kIndented;
  switch (v.type()) {
    case Value::Type::kNull:
      out += "null";
      return;
    case Value::Type::kBool:
      out += v.as_bool() ? "true" : "false";
      return;
    case Value::Type::kInt:
      return write_number(v.as_int(), out);
    case Value::Type::kUint:
      return write_number(v.as_uint(), out);
    case Value::Type::kFloat:
      return write_float(v.as_float(), out);
    case Value::Type::kString:
      return write_json_string(v.text(), out);
    case Value::Type::kBytes:
      out += "{\"$base64\":\"";
      write_base64(v.text(), out);
      out += "\"}";
      return;
    case Value::Type::kArray: {
      out += '[';
      bool first = true;
      for (const Value& item : v.items()) {
        if (out.size() > max_bytes) return;
        if (!first) out += ',';
        first = false;
        if (indented) new_line(out, depth + 1);
        write(item, out, style, max_bytes, depth + 1);
      }
      if (indented && !first) new_line(out, depth);
      out += ']';
      return;
    }
    case Value::Type::kObject: {
      out += '{';
      bool first = true;
      for (const Member& m : v.members()) {
        if (out.size() > max_bytes) return;
        if (!first) out += ',';
        first = false;
        if (indented) new_line(out, depth + 1);
        write_json_string(m.name(), out);
        out += indented ? ": " : ":";
        write(m.value, out, style, max_bytes, depth + 1);
      }
      if (indented && !first) new_line(out, depth);
      out += '}';
      return;
    }
  }
}

// Bytes that need no escape, eight at a time: `i`, or where the first word that has one begins.
std::size_t skip_clean_words(std::string_view text, std::size_t i) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  constexpr std::uint64_t kHigh = 0x8080808080808080u;
  // Of the bytes below 128, those that are less than `limit` (or 0 after the XOR) borrow into their high bit.
  const auto below = [](std::uint64_t word, std::uint64_t limit) { return (word - kOnes * limit) & ~word & kHigh; };
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    if ((below(word, 0x20) | below(word ^ kOnes * '"', 1) | below(word ^ kOnes * '\\', 1)) != 0) break;
  }
  return i;
}

}  // namespace

void write_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t clean = 0;  // start of what needs no escape
  std::size_t look_again = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == look_again) {
      i = skip_clean_words(text, i);
      look_again = i + 8;
      if (i == text.size()) break;
    }
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, clean, i - clean);
    clean = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text, clean, text.size() - clean);
  out += '"';
}

void write_json(const Value& v, std::string& out, JsonStyle style) {
  write(v, out, style, SIZE_MAX, 0);
}

bool write_json_within(const Value& v, std::size_t max_bytes, std::string& out) {
  write(v, out, JsonStyle::kCompact, max_bytes, 0);
  return out.size() <= max_bytes;
}

std::string to_json(const Value& v, JsonStyle style) {
  std::string out;
  write_json(v, out, style);
  return out;
}

void write_plain(const Value& v, std::string& out) {
  static_cast<void>(write_plain_within(v, SIZE_MAX, out));
}

bool write_plain_within(const Value& v, std::size_t max_bytes, std::string& out) {
  if (v.is_null()) return out.size() <= max_bytes;
  if (!v.is_string() && v.type() != Value::Type::kBytes) return write_json_within(v, max_bytes, out);
  if (out.size() > max_bytes || v.size() > max_bytes - out.size()) return false;
  out += v.text();
  return true;
}

}  // namespace pflow
