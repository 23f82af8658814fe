#include "core/base/redactor.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "core/base/json_write.hpp"
#include "core/base/secret_forms.hpp"
#include "core/base/secret_index.hpp"

namespace pflow {
namespace {

constexpr std::size_t kMaxSecrets = 8192;
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxSecretBytes = std::size_t{1} << 18;
constexpr std::size_t kPieceBytes = 1023;  // a multiple of three: pieces of one base64 text meet
constexpr std::size_t kMaxNameBytes = 64;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

bool same_but_for_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y; });
}

// What follows the scheme in the value of an Authorization header; other texts as they are.
std::string_view without_scheme(std::string_view text) {
  constexpr std::string_view kSchemes[] = {"bearer", "basic", "token", "apikey", "key", "bot"};
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos) return text;
  const std::string_view first = text.substr(0, space);
  const bool scheme = std::any_of(std::begin(kSchemes), std::end(kSchemes),
                                  [&](std::string_view s) { return same_but_for_case(first, s); });
  const std::string_view rest = text.substr(space + 1);
  return scheme && rest.size() >= SecretIndex::kShortestForm ? rest : text;
}

// "<redacted:NAME>"; nothing in it means anything to JSON, a shell, or a terminal.
std::string mark_of(std::string_view name) {
  std::string mark = "<redacted:";
  for (const char c : name.substr(0, kMaxNameBytes)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    mark += plain ? c : '_';
  }
  return mark + ">";
}

}  // namespace

struct Redactor::Secrets {
  struct Secret {
    std::string text;
    std::string mark;
    bool in_pieces;
  };

  std::deque<Secret> all;                      // in the order in which they came; never moved
  std::unordered_set<std::string_view> texts;  // of `all`
  std::size_t bytes = 0;
  SecretIndex index;  // owners are positions in `all`

  void add(Secret secret, std::vector<std::string> forms) {
    const auto owner = static_cast<std::uint32_t>(all.size());
    bytes += secret.text.size();
    const Secret& kept = all.emplace_back(std::move(secret));
    texts.insert(kept.text);
    for (std::string& form : forms)
      index.add(std::move(form), owner);
  }

  [[nodiscard]] bool full() const noexcept { return all.size() >= kMaxSecrets || bytes >= kMaxBytes; }

  // The oldest, up to half of what fits, and the newest, up to a quarter: the next time is far.
  [[nodiscard]] std::unique_ptr<Secrets> reduced() const {
    auto less = std::make_unique<Secrets>();
    const auto keep = [&](const Secret& s) { less->add(s, forms_of(s.text)); };
    std::size_t first = 0;
    for (; first < all.size() && first < kMaxSecrets / 2 && less->bytes < kMaxBytes / 2; ++first)
      keep(all[first]);
    std::size_t last = all.size();
    for (std::size_t newest = 0; last > first && all.size() - last < kMaxSecrets / 4 && newest < kMaxBytes / 4;)
      newest += all[--last].text.size();
    for (; last < all.size(); ++last)
      keep(all[last]);
    return less;
  }
};

Redactor::Redactor() = default;

Redactor::~Redactor() = default;

void Redactor::add_piece(std::string_view name, std::string_view text, bool in_pieces) {
  if (!empty()) {
    const std::shared_lock lock(mutex_);
    if (secrets_->texts.contains(text)) return;
  }
  std::vector<std::string> forms = forms_of(text);
  const std::unique_lock lock(mutex_);
  if (!secrets_) secrets_ = std::make_unique<Secrets>();
  if (secrets_->texts.contains(text)) return;
  if (secrets_->full()) secrets_ = secrets_->reduced();
  secrets_->add({std::string(text), mark_of(name), in_pieces}, std::move(forms));
  any_.store(true, std::memory_order_release);
}

void Redactor::add(std::string_view name, std::string_view text) {
  text = without_scheme(trimmed(text)).substr(0, kMaxSecretBytes);
  if (text.size() < SecretIndex::kShortestForm) return;
  // Long ones are known by their pieces: they are found even when only a part is shown, and searching stays quick.
  const bool in_pieces = text.size() > 2 * kPieceBytes;
  while (text.size() > 2 * kPieceBytes) {
    std::size_t end = kPieceBytes;
    while (end > kPieceBytes - 3 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
      --end;
    add_piece(name, text.substr(0, end), in_pieces);
    text.remove_prefix(end);
  }
  add_piece(name, text, in_pieces);
}

void Redactor::add(std::string_view name, const Value& value) {
  switch (value.type()) {
    case Value::Type::kNull:
    case Value::Type::kBool:
      return;
    case Value::Type::kString:
    case Value::Type::kBytes:
      return add(name, value.text());
    case Value::Type::kArray:
      for (const Value& item : value.items())
        add(name, item);
      return;
    case Value::Type::kObject:
      for (const Member& m : value.members())
        add(name, m.value);
      return;
    case Value::Type::kInt:
    case Value::Type::kUint:
    case Value::Type::kFloat:
      return add(name, to_json(value));
  }
}

std::string Redactor::redact(std::string_view text, std::size_t* count) const {
  if (empty()) return std::string(text);
  std::string out;
  std::size_t clean = 0;  // beginning of what is not in `out` yet
  const std::shared_lock lock(mutex_);
  SecretSearch search(secrets_->index, text);
  const Secrets::Secret* last = nullptr;
  while (const auto place = search.next()) {
    const Secrets::Secret& secret = secrets_->all[place->owner];
    const bool goes_on = last != nullptr && clean == place->begin && secret.in_pieces && last->mark == secret.mark;
    if (!goes_on) {
      out.append(text, clean, place->begin - clean);
      out += secret.mark;
      if (count != nullptr) ++*count;
    }
    clean = place->end;
    last = &secret;
  }
  out.append(text, clean);
  return out;
}

bool Redactor::holds_secret(std::string_view text) const {
  if (empty()) return false;
  const std::shared_lock lock(mutex_);
  return SecretSearch(secrets_->index, text).next().has_value();
}

void Redactor::redact(Problems& problems) const {
  if (empty()) return;
  for (Error& e : problems) {
    for (std::string* text : {&e.message, &e.where, &e.hint, &e.node_code}) {
      if (holds_secret(*text)) *text = redact(*text);
    }
  }
}

std::size_t Redactor::showable(std::string_view text) const {
  if (empty()) return text.size();
  const std::shared_lock lock(mutex_);
  std::size_t shown = text.size() - secrets_->index.open_end(text);
  if (shown == text.size()) return shown;
  // A secret that reaches into the open end may go on with it: both wait.
  SecretSearch search(secrets_->index, text);
  while (const auto place = search.next()) {
    if (place->end > shown) return std::min(shown, place->begin);
  }
  return shown;
}

}  // namespace pflow
