#include "core/trace/named_secret.hpp"

#include <algorithm>
#include <array>

#include "core/base/redactor.hpp"

namespace pflow {
namespace {

constexpr std::size_t kNameMax = 64;  // a longer name is none that anybody gives to a secret
constexpr std::string_view kMarkBegin = "<redacted:";

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_letter(char c) noexcept {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

constexpr bool is_name_char(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Secrets' names end in few letters: token, key, secret, password, cookie, credential(s), auth, sig.
constexpr bool may_end_name(char c) noexcept {
  return std::string_view("neytdslhg").find(lower(c)) != std::string_view::npos;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == y || (x == '_' && y == '-'); });
}

template <std::size_t n>
bool any_of_names(std::string_view name, const std::array<std::string_view, n>& names) noexcept {
  return std::any_of(names.begin(), names.end(), [name](std::string_view other) { return same_name(name, other); });
}

// What a query calls a secret; "key" and its like mean one only there.
bool is_query_secret(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 9> kNames{"key",      "sig",    "signature", "token", "secret",
                                                          "password", "passwd", "pwd",       "auth"};
  constexpr std::string_view kSigned = "-signature";  // X-Amz-Signature
  return any_of_names(name, kNames) ||
         (name.size() > kSigned.size() && same_name(name.substr(name.size() - kSigned.size()), kSigned));
}

bool is_credential_header(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 4> kNames{"authorization", "proxy-authorization", "cookie",
                                                          "set-cookie"};
  return any_of_names(name, kNames);
}

std::size_t name_begin(std::string_view text, std::size_t end) noexcept {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kNameMax && is_name_char(text[begin - 1]))
    --begin;
  return begin;
}

std::size_t find_or_end(std::string_view text, std::string_view any_of, std::size_t from) noexcept {
  return std::min(text.find_first_of(any_of, from), text.size());
}

std::size_t skip_blanks(std::string_view text, std::size_t from) noexcept {
  while (from < text.size() && (text[from] == ' ' || text[from] == '\t'))
    ++from;
  return from;
}

// The quote that ends a quoted text: one with as many backslashes in front as the opening one had, or, for a plain
// one, an even number.
std::size_t closing_quote(std::string_view text, std::size_t from, char quote, bool escaped) noexcept {
  std::size_t backslashes = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++backslashes;
      continue;
    }
    if (text[i] == quote && (escaped ? backslashes == 1 : backslashes % 2 == 0)) return escaped ? i - 1 : i;
    backslashes = 0;
  }
  return text.size();
}

}  // namespace

bool names_secret(std::string_view name) noexcept {
  return !name.empty() && may_end_name(name.back()) && Redactor::is_secret_name(name);
}

void append_redaction_mark(std::string_view name, std::string& out) {
  out += kMarkBegin;
  for (const char c : name.substr(0, kNameMax))
    out += is_name_char(c) || c == '.' ? c : '_';
  out += '>';
}

std::optional<NamedSecret> NamedSecrets::next() noexcept {
  if (!started_) {
    started_ = true;
    equals_ = text_.find('=');
    colon_ = text_.find(':');
  }
  while (equals_ != std::string_view::npos || colon_ != std::string_view::npos) {
    const bool is_equals = equals_ < colon_;
    const std::size_t at = is_equals ? equals_ : colon_;
    std::optional<NamedSecret> found;
    if (at > 0) found = is_equals ? after_equals(at) : after_colon(at);
    from_ = found ? found->end : at + 1;
    if (equals_ < from_) equals_ = text_.find('=', from_);
    if (colon_ < from_) colon_ = text_.find(':', from_);
    if (found) return found;
  }
  return std::nullopt;
}

bool NamedSecrets::worth_hiding(std::size_t begin, std::size_t end) const noexcept {
  if (begin >= end) return false;
  const std::string_view value = text_.substr(begin, end - begin);
  return !value.starts_with("${") && !value.starts_with("$(") && !value.starts_with(kMarkBegin);
}

std::optional<NamedSecret> NamedSecrets::after_equals(std::size_t at) const noexcept {
  if (!may_end_name(text_[at - 1])) return std::nullopt;
  const std::size_t start = std::max(name_begin(text_, at), from_);
  const std::string_view name = text_.substr(start, at - start);
  const char before = start == 0 ? '\0' : text_[start - 1];
  const bool in_query = before == '?' || before == '&' || before == '#' || before == ';';
  if (!(in_query && is_query_secret(name)) && !Redactor::is_secret_name(name)) return std::nullopt;
  std::size_t begin = at + 1;
  if (begin < text_.size() && text_[begin] == '=') return std::nullopt;  // a comparison
  std::size_t end = 0;
  if (begin < text_.size() && (text_[begin] == '"' || text_[begin] == '\'')) {
    const char quote = text_[begin++];
    end = std::min(text_.find(quote, begin), text_.size());
  } else {
    end = find_or_end(text_, " \t\r\n&#\"'<>`\\", begin);
  }
  if (!worth_hiding(begin, end)) return std::nullopt;
  return NamedSecret{begin, end, name};
}

std::optional<NamedSecret> NamedSecrets::after_colon(std::size_t at) const noexcept {
  const char before = text_[at - 1];
  return before == '"' || before == '\'' ? quoted_member(at) : header(at);
}

std::optional<NamedSecret> NamedSecrets::quoted_member(std::size_t at) const noexcept {
  const char quote = text_[at - 1];
  const bool escaped = at >= 2 && text_[at - 2] == '\\';
  const std::size_t name_end = at - (escaped ? 2 : 1);
  if (name_end <= from_ || !may_end_name(text_[name_end - 1])) return std::nullopt;
  const std::size_t start = std::max(name_begin(text_, name_end), from_);
  if (start == 0 || text_[start - 1] != quote) return std::nullopt;
  const std::string_view name = text_.substr(start, name_end - start);
  if (!Redactor::is_secret_name(name)) return std::nullopt;
  std::size_t begin = skip_blanks(text_, at + 1);
  if (escaped) {
    if (begin >= text_.size() || text_[begin] != '\\') return std::nullopt;
    ++begin;
  }
  if (begin >= text_.size() || text_[begin] != quote) return std::nullopt;
  ++begin;
  const std::size_t end = closing_quote(text_, begin, quote, escaped);
  if (!worth_hiding(begin, end)) return std::nullopt;
  return NamedSecret{begin, end, name};
}

std::optional<NamedSecret> NamedSecrets::header(std::size_t at) const noexcept {
  if (!may_end_name(text_[at - 1])) return std::nullopt;
  const std::size_t start = std::max(name_begin(text_, at), from_);
  const std::string_view name = text_.substr(start, at - start);
  const bool is_credential = is_credential_header(name);
  // A single word before a colon is prose more often than a header.
  if (!is_credential && (name.find_first_of("-_") == std::string_view::npos || !Redactor::is_secret_name(name))) {
    return std::nullopt;
  }
  std::size_t begin = skip_blanks(text_, at + 1);
  if (begin < text_.size() && text_[begin] == ':') return std::nullopt;  // a name in code
  if (!is_credential) {
    const std::size_t end = find_or_end(text_, " \t\r\n\"'<>`\\,", begin);
    if (!worth_hiding(begin, end)) return std::nullopt;
    return NamedSecret{begin, end, name};
  }
  const char before = start == 0 ? '\0' : text_[start - 1];
  const std::string_view ends = before == '"' ? "\r\n\\\"" : before == '\'' ? "\r\n\\'" : "\r\n\\\"'";
  const std::size_t end = find_or_end(text_, ends, begin);
  // "Bearer" and its like may show.
  std::size_t scheme = begin;
  while (scheme < end && is_letter(text_[scheme]))
    ++scheme;
  if (scheme > begin && scheme + 1 < end && text_[scheme] == ' ') begin = scheme + 1;
  if (!worth_hiding(begin, end)) return std::nullopt;
  return NamedSecret{begin, end, name};
}

}  // namespace pflow
