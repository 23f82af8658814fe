#include "ollama_host.hpp"

#include <algorithm>

namespace pflow::llm::ollama {
namespace {

constexpr std::string_view kDefaultPort = "11434";
constexpr std::string_view kThisMachine = "127.0.0.1";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kAround = " \t\"'";
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

/// "[::1]:80" in its parts. An IPv6 address that stands without brackets has no port.
struct Authority {
  std::string host;
  std::string_view port;
};

Authority split(std::string_view text) {
  if (std::count(text.begin(), text.end(), ':') > 1 && !text.starts_with('[')) {
    return {'[' + std::string(text) + ']', {}};
  }
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) {
    return {std::string(text), {}};
  }
  return {std::string(text.substr(0, colon)), text.substr(colon + 1)};
}

}  // namespace

std::string base_url_of(std::string_view host) {
  host = trimmed(host);
  const std::size_t mark = host.find("://");
  const bool has_scheme = mark != std::string_view::npos;
  const std::string_view scheme = has_scheme ? host.substr(0, mark) : "http";
  std::string_view rest = has_scheme ? host.substr(mark + 3) : host;
  const std::size_t slash = rest.find('/');
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  while (path.ends_with('/'))
    path.remove_suffix(1);
  Authority authority = split(rest.substr(0, slash));
  if (authority.host.empty() || authority.host == "0.0.0.0") authority.host = kThisMachine;
  if (authority.host == "[::]") authority.host = "[::1]";
  if (authority.port.empty() && !has_scheme) authority.port = kDefaultPort;
  std::string url(scheme);
  url.append("://").append(authority.host);
  if (!authority.port.empty()) url.append(":").append(authority.port);
  return url.append(path);
}

}  // namespace pflow::llm::ollama
