#include <algorithm>
#include <array>

#include "core/base/redactor.hpp"

namespace pflow {
namespace {

constexpr std::array<std::string_view, 17> kNames = {"authorization", "proxy_authorization",
                                                     "cookie",        "set_cookie",
                                                     "apikey",        "api_key",
                                                     "token",         "secret",
                                                     "password",      "passwd",
                                                     "passphrase",    "pwd",
                                                     "bearer",        "private_key",
                                                     "credential",    "access_key",
                                                     "credentials"};
constexpr std::array<std::string_view, 13> kEnds = {
    "_api_key",    "_apikey",      "_secret",     "_secret_key", "_token",       "_password",     "_passwd",
    "_passphrase", "_private_key", "_access_key", "_credential", "_credentials", "_authorization"};

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

char lower(char c) noexcept {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// "X-Api-Key", "xApiKey" and "x_api_key" are one name.
std::string plain_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool word_begins = is_upper(c) && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    if (word_begins) out += '_';
    out += c == '-' || c == ' ' || c == '.' ? '_' : lower(c);
  }
  return out;
}

}  // namespace

bool Redactor::is_secret_name(std::string_view name) {
  constexpr std::size_t kLongest = 100;
  if (name.size() < 3 || name.size() > kLongest) return false;
  const std::string plain = plain_name(name);
  return std::find(kNames.begin(), kNames.end(), plain) != kNames.end() ||
         std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return plain.ends_with(end); });
}

bool Redactor::is_secret_variable(std::string_view name) {
  std::string big(name);
  std::transform(big.begin(), big.end(), big.begin(), upper);
  return big.ends_with("KEY") || big.ends_with("TOKEN") || big.find("SECRET") != std::string::npos ||
         big.find("PASSWORD") != std::string::npos || big.find("CREDENTIAL") != std::string::npos;
}

}  // namespace pflow
