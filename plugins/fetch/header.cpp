#include "header.hpp"

#include <array>
#include <cstddef>

#include "charset.hpp"
#include "refusal.hpp"

namespace pflow::fetch {
namespace {

constexpr std::string_view kSetCookie = "set-cookie";

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool must_not_be_in_a_value(char c) noexcept {
  return (static_cast<unsigned char>(c) < 0x20U && c != '\t') || c == '\x7f';
}

}  // namespace

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  for (const char c : text) {
    const char l = lower(c);
    const bool fits = (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || kOthers.find(c) != std::string_view::npos;
    if (!fits) return false;
  }
  return !text.empty();
}

std::string lower_case(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out)
    c = lower(c);
  return out;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

void RequestHeaders::add(std::string_view param, std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 2> kFraming = {"content-length", "transfer-encoding"};
  std::string quoted;
  sdk::append_json(quoted, sdk::head(name, 100));
  if (!is_token(name)) refuse(param, quoted + " cannot be the name of a header");
  for (const std::string_view framing : kFraming) {
    if (same(name, framing)) refuse(param, quoted + " is written by pflow itself; leave it out");
  }
  for (const char c : value) {
    if (!must_not_be_in_a_value(c)) continue;
    refuse(param,
           "the value of the header " + quoted +
               " holds a line break or another control character; a file that it was read from may end with one");
  }
  headers_.push_back({std::string(name), std::string(value)});
}

bool RequestHeaders::has(std::string_view name) const noexcept {
  for (const Header& header : headers_) {
    if (same(header.name, name)) return true;
  }
  return false;
}

void ResponseHeaders::add(std::string_view name, std::string_view value) {
  std::string key = lower_case(is_utf8(name) ? std::string(name) : from_windows_1252(name));
  std::string text = is_utf8(value) ? std::string(value) : from_windows_1252(value);
  for (auto& [known, values] : headers_) {
    if (known != key) continue;
    if (key == kSetCookie) {
      values.push_back(std::move(text));
    } else {
      values.front().append(", ").append(text);
    }
    return;
  }
  std::vector<std::string> values;
  values.push_back(std::move(text));
  headers_.emplace_back(std::move(key), std::move(values));
}

std::string_view ResponseHeaders::get(std::string_view lower_case_name) const noexcept {
  for (const auto& [name, values] : headers_) {
    if (name == lower_case_name) return values.front();
  }
  return {};
}

std::string ResponseHeaders::json() const {
  std::string out = "{";
  for (const auto& [name, values] : headers_) {
    if (out.size() > 1) out += ',';
    sdk::append_json(out, name);
    out += ':';
    if (name != kSetCookie) {
      sdk::append_json(out, values.front());
      continue;
    }
    out += '[';
    for (const std::string& value : values) {
      if (&value != &values.front()) out += ',';
      sdk::append_json(out, value);
    }
    out += ']';
  }
  out += '}';
  return out;
}

}  // namespace pflow::fetch
