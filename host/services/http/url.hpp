#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

/// Addresses of requests, read once and checked.
namespace pflow::host {

struct HttpUrl {
  std::string full;      ///< what is asked for: no credentials, no fragment
  std::string shown;     ///< what messages may show: neither, and no query
  std::string origin;    ///< "https://example.org:443": who gets to see what a caller's headers say
  std::string place;     ///< "example.org:443": what a name is looked up for
  std::string user;      ///< of "user:password@", decoded
  std::string password;  ///< decoded
  bool has_credentials = false;
  bool https = false;
};

/// Absolute, http or https. Nothing: `fault` says why, without the credentials.
[[nodiscard]] std::optional<HttpUrl> parse_url(std::string_view text, std::string& fault);

/// Where a Location of an answer from `from` leads; its credentials are those of `from` when the origin is the same,
/// whatever the Location says.
[[nodiscard]] std::optional<HttpUrl> follow_url(const HttpUrl& from, std::string_view location, std::string& fault);

/// Remembers what parse_url said of a few addresses: a crowd of requests has one, and reading it costs as much as all
/// else that is done for a request here.
class UrlMemory {
 public:
  /// As parse_url; valid until the next call.
  [[nodiscard]] const HttpUrl* parse(const std::string& text, std::string& fault);

 private:
  static constexpr std::size_t kMost = 64;
  std::unordered_map<std::string, HttpUrl> known_;
};

}  // namespace pflow::host
