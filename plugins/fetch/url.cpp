#include "url.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "header.hpp"
#include "refusal.hpp"

namespace pflow::fetch {
namespace {

constexpr std::string_view kParam = "url";
constexpr std::string_view kSchemeEnd = "://";

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20U || c == '\x7f';
}

void append_encoded(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4U];
  out += kHex[byte & 15U];
}

// What may stand unencoded in a query's name or value whatever it means there (RFC 3986, unreserved).
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string with_illegal_ones_encoded(std::string_view part) {
  constexpr std::string_view kIllegal = " \"<>\\^`{|}";
  std::string out;
  out.reserve(part.size());
  for (const char c : part) {
    if (static_cast<unsigned char>(c) >= 0x80U || kIllegal.find(c) != std::string_view::npos) {
      append_encoded(out, c);
    } else {
      out += c;
    }
  }
  return out;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 && digit_of(text[i + 2]) >= 0;
    out += coded ? static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2])) : text[i];
    if (coded) i += 2;
  }
  return out;
}

std::string quoted(std::string_view url) {
  std::string out;
  sdk::append_json(out, sdk::head(shown_doubtful_url(url), 200));
  return out;
}

bool is_scheme(std::string_view text) {
  const auto fits = [](char c) { return is_unreserved(c) && c != '_' && c != '~'; };
  return std::all_of(text.begin(), text.end(), fits);
}

bool is_word(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower_case[i]) return false;
  }
  return true;
}

void check_host(std::string_view host_and_port, std::string_view url) {
  std::size_t host_end = host_and_port.find(':');
  if (host_and_port.starts_with('[')) {
    const std::size_t bracket = host_and_port.find(']');
    if (bracket == std::string_view::npos) refuse(kParam, quoted(url) + " opens a [ that it does not close");
    host_end = bracket + 1;
  }
  const std::string_view host = host_and_port.substr(0, host_end);
  if (host.empty()) refuse(kParam, quoted(url) + " names no host");
  if (host.find_first_of(" \"<>\\^`{|}%") != std::string_view::npos) {
    refuse(kParam, quoted(url) + " has a character in its host that no host's name can have");
  }
  if (host.size() == host_and_port.size()) return;
  const std::string_view port = host_and_port.substr(host.size());
  std::uint32_t number = 0;
  const char* const end = port.data() + port.size();
  const auto read = std::from_chars(port.data() + 1, end, number);
  const bool fits = port.size() > 1 && read.ec == std::errc() && read.ptr == end && number >= 1 && number <= 65535;
  if (port.front() != ':' || (port.size() > 1 && !fits)) {
    refuse(kParam, quoted(url) + " has a port that is no number from 1 to 65535");
  }
}

}  // namespace

std::string shown_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme_end = url.find(kSchemeEnd);
  if (scheme_end == std::string_view::npos) return shown_doubtful_url(url);
  const std::size_t at = scheme_end + kSchemeEnd.size();
  const std::string_view authority = url.substr(at, url.find('/', at) - at);
  const std::size_t user_end = authority.rfind('@');
  std::string out(url.substr(0, at));
  out += url.substr(user_end == std::string_view::npos ? at : at + user_end + 1);
  return out;
}

std::string shown_doubtful_url(std::string_view text) {
  const std::size_t secret_at = text.rfind('@');
  if (secret_at == std::string_view::npos) return std::string(text.substr(0, text.find_first_of("?#")));
  const std::string_view scheme = text.substr(0, std::min(text.find(kSchemeEnd), text.size()));
  std::string out;
  if (is_scheme(scheme)) out.append(scheme).append(kSchemeEnd);
  return out.append(text.find_first_of("?#") < secret_at
                        ? "..."
                        : text.substr(secret_at + 1, text.find_first_of("?#") - secret_at - 1));
}

Url::Url(std::string_view text) {
  text = trimmed(text);
  for (const char c : text) {
    if (is_control(c)) refuse(kParam, "it holds a control character, such as a line break");
  }
  if (text.empty()) refuse(kParam, "it is empty");
  const std::size_t scheme_end = text.find(kSchemeEnd);
  const std::string_view scheme = text.substr(0, scheme_end);
  if (scheme_end == std::string_view::npos || scheme.find_first_of("/?#") != std::string_view::npos) {
    refuse(kParam, quoted(text) + " does not begin with http:// or https://");
  }
  const bool secure = is_word(scheme, "https");
  if (!secure && !is_word(scheme, "http")) {
    refuse(kParam, quoted(text) + " is neither http nor https, which are all that this node speaks");
  }
  const std::size_t begin = scheme_end + kSchemeEnd.size();
  const std::size_t path_at = std::min(text.find_first_of("/?#", begin), text.size());
  std::string_view authority = text.substr(begin, path_at - begin);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    credentials_ = decoded(authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  check_host(authority, text);
  const std::size_t fragment_at = std::min(text.find('#', path_at), text.size());
  const std::size_t query_at = std::min(text.find('?', path_at), fragment_at);
  base_ = secure ? "https://" : "http://";
  base_ += authority;
  base_ += with_illegal_ones_encoded(text.substr(path_at, query_at - path_at));
  query_ = with_illegal_ones_encoded(text.substr(query_at, fragment_at - query_at));
  fragment_ = with_illegal_ones_encoded(text.substr(fragment_at));
}

void Url::add_query(std::string_view name, std::string_view value) {
  if (query_.empty()) {
    query_ = '?';
  } else if (query_ != "?" && query_.back() != '&') {
    query_ += '&';
  }
  const auto append = [this](std::string_view text) {
    for (const char c : text) {
      if (is_unreserved(c)) {
        query_ += c;
      } else {
        append_encoded(query_, c);
      }
    }
  };
  append(name);
  query_ += '=';
  append(value);
}

std::string Url::text() const {
  return base_ + query_ + fragment_;
}

std::string basic_authorization(std::string_view credentials) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "Basic ";
  for (std::size_t i = 0; i < credentials.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t j = i; j < i + 3; ++j)
      three = three << 8U | (j < credentials.size() ? static_cast<unsigned char>(credentials[j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j > credentials.size() ? '=' : kDigits[three >> (18U - 6U * j) & 63U];
  }
  return out;
}

}  // namespace pflow::fetch
