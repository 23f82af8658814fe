#include <algorithm>
#include <array>

#include "core/base/redactor.hpp"

namespace pflow {
namespace {

constexpr std::size_t kComparedBytes = 96;  // of a longer name the end counts

constexpr bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

// A name in one spelling: "X-Api-Key", "xApiKey" and "X_API_KEY" all read x_api_key.
class PlainName {
 public:
  explicit PlainName(std::string_view name) noexcept {
    if (name.size() > kComparedBytes) name.remove_prefix(name.size() - kComparedBytes);
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      const bool after_lower = i > 0 && is_lower(name[i - 1]);
      const bool last_of_capitals =
          i > 0 && is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1]) && size_ > 0;
      if (is_upper(c) && (after_lower || last_of_capitals)) buffer_[size_++] = '_';
      buffer_[size_++] = is_upper(c) ? static_cast<char>(c + 32) : c == '-' || c == '.' || c == ' ' ? '_' : c;
    }
  }

  [[nodiscard]] std::string_view text() const noexcept { return {buffer_.data(), size_}; }

 private:
  std::array<char, 2 * kComparedBytes> buffer_{};
  std::size_t size_ = 0;
};

// "token" and "access_token" end with the words "token"; "tokens" and "detoken" do not.
bool ends_with_words(std::string_view name, std::string_view words) noexcept {
  if (!name.ends_with(words)) return false;
  return name.size() == words.size() || name[name.size() - words.size() - 1] == '_';
}

// Refuses most names at once: by the last two letters of all words of secrets.
bool may_end_words(std::string_view name) noexcept {
  if (name.size() < 3) return false;
  const auto lower = [&](std::size_t from_end) {
    const char c = name[name.size() - from_end];
    return is_upper(c) ? static_cast<char>(c + 32) : c;
  };
  const std::array<char, 2> end{lower(2), lower(1)};
  constexpr std::string_view kEnds[] = {"on", "ie", "ey", "en", "et", "rd", "wd", "se", "al", "ls"};
  return std::any_of(std::begin(kEnds), std::end(kEnds),
                     [&](std::string_view e) { return e[0] == end[0] && e[1] == end[1]; });
}

// Tokens of a model's vocabulary, counts of them, and places in a list.
bool is_no_secret_token(std::string_view name) noexcept {
  constexpr std::string_view kBefore[] = {"max",  "min",     "num",  "input", "output", "stop", "start",
                                          "end",  "bos",     "eos",  "pad",   "unk",    "sep",  "cls",
                                          "mask", "special", "page", "per",   "next"};
  constexpr std::string_view kToken = "_token";
  if (!name.ends_with(kToken)) return false;
  name.remove_suffix(kToken.size());
  return std::any_of(std::begin(kBefore), std::end(kBefore),
                     [&](std::string_view word) { return ends_with_words(name, word); });
}

}  // namespace

bool Redactor::is_secret_name(std::string_view name) noexcept {
  constexpr std::string_view kWords[] = {
      "authorization",  "cookie",      "api_key",    "apikey",          "token",       "authtoken",
      "accesstoken",    "secret",      "password",   "passwd",          "passphrase",  "credential",
      "credentials",    "private_key", "secret_key", "access_key",      "signing_key", "account_key",
      "encryption_key", "auth_key",    "privatekey", "subscription_key"};
  if (!may_end_words(name)) return false;
  const PlainName plain(name);
  const bool named = std::any_of(std::begin(kWords), std::end(kWords),
                                 [&](std::string_view words) { return ends_with_words(plain.text(), words); });
  if (named) return !is_no_secret_token(plain.text());
  return plain.text().ends_with("_pwd");  // not PWD, which is a folder
}

bool Redactor::is_secret_variable(std::string_view name) noexcept {
  const auto matches = [](char c, char upper) { return c == upper || (is_lower(c) && c - 32 == upper); };
  for (const std::string_view end : {"KEY", "TOKEN"}) {
    if (name.size() >= end.size() && std::equal(end.begin(), end.end(), name.end() - std::ssize(end),
                                                [&](char upper, char c) { return matches(c, upper); })) {
      return true;
    }
  }
  for (const std::string_view part : {"SECRET", "PASSWORD", "CREDENTIAL"}) {
    if (std::search(name.begin(), name.end(), part.begin(), part.end(), matches) != name.end()) return true;
  }
  return is_secret_name(name);
}

}  // namespace pflow
