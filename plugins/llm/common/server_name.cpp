#include "server_name.hpp"

namespace pflow::llm {
namespace {

constexpr std::string_view kScheme = "://";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// A URL in its parts.
struct Parts {
  std::string_view scheme;
  std::string_view authority;  // without user and password
  std::string_view path;       // and all that follows
};

Parts split(std::string_view url) noexcept {
  const std::size_t mark = url.find(kScheme);
  if (mark == std::string_view::npos) return {{}, {}, url};
  Parts parts{url.substr(0, mark), url.substr(mark + kScheme.size()), {}};
  const std::size_t end = parts.authority.find_first_of("/?#");
  if (end != std::string_view::npos) {
    parts.path = parts.authority.substr(end);
    parts.authority = parts.authority.substr(0, end);
  }
  if (const std::size_t at = parts.authority.rfind('@'); at != std::string_view::npos)
    parts.authority.remove_prefix(at + 1);
  return parts;
}

}  // namespace

std::string server_of(std::string_view url) {
  const Parts parts = split(url);
  std::string server = lower(parts.authority);
  const std::string scheme = lower(parts.scheme);
  const std::string_view usual = scheme == "https" ? ":443" : ":80";
  if (server.ends_with(usual)) server.resize(server.size() - usual.size());
  if (server.ends_with('.')) server.pop_back();
  return server;
}

std::string shown_url(std::string_view url) {
  const Parts parts = split(url.substr(0, url.find_first_of("?#")));
  if (parts.scheme.empty()) return std::string(parts.path);
  return std::string(parts.scheme).append(kScheme).append(parts.authority).append(parts.path);
}

}  // namespace pflow::llm
