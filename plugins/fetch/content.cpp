#include "content.hpp"

#include <algorithm>
#include <cstddef>

#include "charset.hpp"
#include "header.hpp"
#include <pflow/node.hpp>

namespace pflow::fetch {
namespace {

std::string_view unquoted(std::string_view text) noexcept {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

ContentType parse_content_type(std::string_view header) {
  ContentType type;
  std::size_t end = std::min(header.find(';'), header.size());
  type.media_type = lower_case(trimmed(header.substr(0, end)));
  while (end < header.size()) {
    header.remove_prefix(end + 1);
    end = std::min(header.find(';'), header.size());
    const std::string_view pair = header.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || lower_case(trimmed(pair.substr(0, equals))) != "charset") continue;
    if (type.charset.empty()) type.charset = lower_case(unquoted(trimmed(pair.substr(equals + 1))));
  }
  return type;
}

bool is_json(const ContentType& type) noexcept {
  return type.media_type == "application/json" || type.media_type == "text/json" || type.media_type.ends_with("+json");
}

bool may_be_json(const ContentType& type, std::string_view body) noexcept {
  if (!type.media_type.empty()) return is_json(type);
  const std::string_view text = trimmed(body);
  return text.starts_with('{') || text.starts_with('[');
}

std::string_view without_mark(std::string_view text) noexcept {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

std::string head_of_body(const ContentType& type, std::string_view body) {
  constexpr std::size_t kMaxBytes = 300;
  constexpr std::size_t kLookedAt = 4 * kMaxBytes;
  if (body.empty()) return {};
  const auto only_size = [body](std::string_view what) {
    return std::string(what) + std::to_string(body.size()) + " bytes";
  };
  if (type.media_type == "text/html" || type.media_type == "application/xhtml+xml")
    return only_size("an HTML page of ");
  const std::string_view begin = sdk::head(body, kLookedAt);
  if (begin.find('\0') != std::string_view::npos || !is_utf8(begin)) return only_size("a body that is no text, of ");
  std::string out;
  std::string_view rest = trimmed(begin);
  for (bool space = false; !rest.empty() && out.size() < kMaxBytes;) {
    const std::size_t length = character_bytes(rest);
    if (static_cast<unsigned char>(rest.front()) <= 0x20U) {
      space = true;
    } else {
      if (space) out += ' ';
      space = false;
      out += rest.substr(0, length);
    }
    rest.remove_prefix(length);
  }
  if (!rest.empty() || begin.size() < body.size()) out += "...";
  return out;
}

}  // namespace pflow::fetch
