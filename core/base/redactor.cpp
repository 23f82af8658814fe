#include "core/base/redactor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "core/base/json_write.hpp"
#include "core/base/secret_forms.hpp"

namespace pflow {
namespace {

constexpr std::size_t kShortest = 4;       // a pattern: also what is looked up at once
constexpr std::size_t kShortestCoded = 6;  // chance hits of shorter ones in base64 and hexadecimal are too likely

std::uint32_t first_four(const char* text) noexcept {
  std::uint32_t key = 0;
  std::memcpy(&key, text, sizeof key);
  return key;
}

std::size_t first_two(const char* text) noexcept {
  return static_cast<std::size_t>(static_cast<unsigned char>(text[0])) << 8 | static_cast<unsigned char>(text[1]);
}

// The name as it may stand in any text.
std::string mark_of(std::string_view name) {
  std::string mark = "<redacted:";
  for (const char c : name.substr(0, 64)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    mark += plain ? c : '_';
  }
  return mark + ">";
}

}  // namespace

void Redactor::add(std::string_view name, const Value& value) {
  switch (value.type()) {
    case Value::Type::kNull:
    case Value::Type::kBool:
      return;
    case Value::Type::kString:
    case Value::Type::kBytes:
      return add_text(name, value.text());
    case Value::Type::kArray:
      for (const Value& item : value.items())
        add(name, item);
      return;
    case Value::Type::kObject:
      for (const Member& m : value.members())
        add(name, m.value);
      return;
    default:
      add_text(name, to_json(value));
  }
}

void Redactor::add_text(std::string_view name, std::string_view text) {
  if (text.size() < kShortest) return;
  const std::string value(text);
  {
    const std::shared_lock lock(mutex_);
    if (known_.count(value) != 0) return;
  }
  std::vector<std::string> forms = text_forms(text);
  if (text.size() >= kShortestCoded) {
    for (std::string& form : coded_forms(text))
      forms.push_back(std::move(form));
  }
  const std::unique_lock lock(mutex_);
  if (!known_.insert(value).second) return;
  const std::string mark = mark_of(name);
  if (marks_.empty() || marks_.back() != mark) marks_.push_back(mark);
  for (const std::string& form : forms)
    add_pattern(form, marks_.size() - 1);
  filled_.store(true, std::memory_order_release);
}

void Redactor::add_pattern(std::string_view text, std::size_t mark) {
  if (text.size() < kShortest) return;
  std::vector<Pattern>& same_begin = patterns_[first_four(text.data())];
  const auto at = std::lower_bound(same_begin.begin(), same_begin.end(), text.size(),
                                   [](const Pattern& p, std::size_t size) { return p.text.size() > size; });
  for (auto it = at; it != same_begin.end() && it->text.size() == text.size(); ++it) {
    if (it->text == text) return;
  }
  same_begin.insert(at, {std::string(text), mark});
  const std::size_t begin = first_two(text.data());
  begins_[begin / 64] |= std::uint64_t{1} << (begin % 64);
  longest_ = std::max(longest_, text.size());
}

const Redactor::Pattern* Redactor::match(std::string_view rest) const {
  if (rest.size() < kShortest) return nullptr;
  const std::size_t begin = first_two(rest.data());
  if ((begins_[begin / 64] >> (begin % 64) & 1) == 0) return nullptr;
  const auto candidates = patterns_.find(first_four(rest.data()));
  if (candidates == patterns_.end()) return nullptr;
  for (const Pattern& p : candidates->second) {
    if (rest.starts_with(p.text)) return &p;
  }
  return nullptr;
}

Redactor::Hit Redactor::find(std::string_view text, std::size_t from) const {
  Hit hit;
  for (std::size_t i = from; i + kShortest <= text.size() && i < hit.end; ++i) {
    const Pattern* p = match(text.substr(i));
    if (p == nullptr) continue;
    const std::size_t end = i + p->text.size();
    if (hit.begin == std::string_view::npos) {
      hit = {i, end, p->mark};
    } else {
      hit.end = std::max(hit.end, end);  // another one begins inside: no half of it stays
    }
  }
  return hit;
}

std::string Redactor::redact(std::string_view text, std::size_t* count) const {
  if (empty()) return std::string(text);
  const std::shared_lock lock(mutex_);
  std::string out;
  std::size_t done = 0;
  for (Hit hit = find(text, 0); hit.begin != std::string_view::npos; hit = find(text, done)) {
    out += text.substr(done, hit.begin - done);
    out += marks_[hit.mark];
    done = hit.end;
    if (count != nullptr) ++*count;
  }
  return out += text.substr(done);
}

bool Redactor::holds_secret(std::string_view text) const {
  if (empty() || text.size() < kShortest) return false;
  const std::shared_lock lock(mutex_);
  for (std::size_t i = 0; i + kShortest <= text.size(); ++i) {
    if (match(text.substr(i)) != nullptr) return true;
  }
  return false;
}

std::size_t Redactor::open_end(std::string_view text) const {
  if (empty()) return 0;
  const std::shared_lock lock(mutex_);
  for (std::size_t size = std::min(text.size(), longest_ - 1); size > 0; --size) {
    const std::string_view end = text.substr(text.size() - size);
    for (const auto& [begin, same_begin] : patterns_) {
      const auto is_open = [&](const Pattern& p) { return p.text.size() > size && p.text.starts_with(end); };
      if (std::any_of(same_begin.begin(), same_begin.end(), is_open)) return size;
    }
  }
  return 0;
}

void Redactor::redact(Problems& problems) const {
  if (empty()) return;
  for (Error& e : problems) {
    for (std::string* text : {&e.message, &e.where, &e.hint})
      *text = redact(*text);
  }
}

}  // namespace pflow
