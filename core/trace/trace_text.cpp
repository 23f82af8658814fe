#include "core/trace/trace_text.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"
#include "core/trace/named_secret.hpp"

namespace pflow {
namespace {

constexpr std::size_t kShortestSecret = 4;  // the redactor knows none that is shorter
// Of a text that is cut, as much more is searched for secrets: one may begin in the part that is kept. An environment
// variable or an argument has at most 128 KiB, whatever form it takes less than this.
constexpr std::size_t kSecretReach = std::size_t{1024} * 1024;

// Bytes of the first `max_chars` characters.
std::size_t end_of_chars(std::string_view utf8, std::size_t max_chars) noexcept {
  std::size_t chars = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0u) == 0x80u) continue;
    if (chars++ == max_chars) return i;
  }
  return utf8.size();
}

std::size_t count_chars(std::string_view utf8) noexcept {
  std::size_t continuation = 0;
  std::size_t i = 0;
  for (; i + 8 <= utf8.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, utf8.data() + i, sizeof word);
    const std::uint64_t marks = (word >> 7) & ~(word >> 6) & 0x0101010101010101u;
    continuation += static_cast<std::size_t>(std::popcount(marks));
  }
  for (; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0u) == 0x80u) ++continuation;
  }
  return utf8.size() - continuation;
}

// Characters that need no escape, are one byte each and stand in no text that shows a secret with its name.
constexpr std::array<bool, 256> plain_characters() noexcept {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c)
    plain[c] = c != '"' && c != '\\' && c != '=' && c != ':';
  return plain;
}

bool is_plain(std::string_view text) noexcept {
  static constexpr std::array<bool, 256> kPlain = plain_characters();
  return std::all_of(text.begin(), text.end(), [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
}

template <typename Number>
void append_number(Number n, std::string& out) {
  std::array<char, 24> digits{};
  const auto [end, ec] = std::to_chars(digits.data(), digits.data() + digits.size(), n);
  static_cast<void>(ec);  // 24 characters hold every 64-bit integer
  out.append(digits.data(), end);
}

void append_cut(std::size_t kept, std::size_t whole, std::string_view what, std::string& out) {
  out += " ... [cut: ";
  append_number(kept, out);
  out += " of ";
  append_number(whole, out);
  out += ' ';
  out += what;
  out += ']';
}

}  // namespace

std::string json_escaped(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out;
  write_json_string(text, out);
  out.pop_back();
  out.erase(0, 1);
  return out;
}

void TraceText::start() {
  out_.clear();
  traits_ = {};
  has_secrets_ = !redactor_.empty();
}

TraceText& TraceText::integer(std::int64_t i) {
  append_number(i, out_);
  return *this;
}

TraceText& TraceText::natural(std::uint64_t u) {
  append_number(u, out_);
  return *this;
}

TraceText& TraceText::milliseconds(std::int64_t ns) {
  const bool negative = ns < 0;
  const std::uint64_t magnitude =
      negative ? std::uint64_t{0} - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  const std::uint64_t us = magnitude / 1000 + (magnitude % 1000 >= 500 ? 1 : 0);
  if (negative && us != 0) out_ += '-';
  append_number(us / 1000, out_);
  const auto fraction = static_cast<unsigned>(us % 1000);
  const std::array<char, 4> digits{'.', static_cast<char>('0' + fraction / 100),
                                   static_cast<char>('0' + fraction / 10 % 10), static_cast<char>('0' + fraction % 10)};
  out_.append(digits.data(), digits.size());
  return *this;
}

TraceText& TraceText::milliseconds(double ms) {
  constexpr double kMost = 9e12;  // in nanoseconds it fits
  const double bounded = std::isfinite(ms) ? std::clamp(ms, -kMost, kMost) : 0;
  return milliseconds(static_cast<std::int64_t>(std::llround(bounded * 1000)) * 1000);
}

bool TraceText::holds_secret(std::string_view text) const {
  if (text.size() < kShortestSecret) return false;
  return (has_secrets_ && redactor_.holds_secret(text)) || NamedSecrets(text).next();
}

std::string TraceText::without_secrets(std::string_view text, bool& found) {
  found = false;
  std::string known;
  if (has_secrets_ && redactor_.holds_secret(text)) {
    std::size_t count = 0;
    known = redactor_.redact(text, &count);
    redactions_ += count;
    found = true;
    text = known;
  }
  std::string out;
  std::size_t done = 0;
  NamedSecrets named(text);
  while (const std::optional<NamedSecret> secret = named.next()) {
    out.append(text, done, secret->begin - done);
    append_redaction_mark(secret->name, out);
    done = secret->end;
    ++redactions_;
    found = true;
  }
  out.append(text, done, text.size() - done);
  return out;
}

std::string TraceText::shown(std::string_view text, std::size_t max_chars) {
  std::string_view window = text;
  bool is_cut = false;
  std::size_t end = text.size();
  if (text.size() > max_chars) {
    end = end_of_chars(text, max_chars);
    is_cut = end < text.size();
    if (is_cut && text.size() - end > kSecretReach) window = text.substr(0, end + kSecretReach);
  }
  if (!holds_secret(window)) {
    std::string out(text.substr(0, end));
    if (!is_cut) return out;
    ++truncations_;
    append_cut(max_chars, count_chars(text), "characters", out);
    return out;
  }
  // What is taken out brings more of the text in, so all of it is searched.
  bool found = false;
  std::string out = without_secrets(text, found);
  if (out.size() <= max_chars) return out;
  end = end_of_chars(out, max_chars);
  if (end == out.size()) return out;
  const std::size_t whole = count_chars(out);
  out.resize(end);
  ++truncations_;
  append_cut(max_chars, whole, "characters", out);
  return out;
}

bool TraceText::is_clean(std::string_view text, std::size_t max_chars) const {
  if (text.size() > max_chars || !is_plain(text)) return false;
  return !has_secrets_ || text.size() < kShortestSecret || !redactor_.holds_secret(text);
}

void TraceText::text(std::string_view text, std::size_t max_chars) {
  traits_.longest = std::max(traits_.longest, text.size());
  if (is_clean(text, max_chars)) {
    raw("\"").raw(text).raw("\"");
    return;
  }
  if (!is_utf8(text)) return this->text(printable(text, text.size() * 3), max_chars);
  if (text.size() <= max_chars && !holds_secret(text)) return write_json_string(text, out_);
  write_json_string(shown(text, max_chars), out_);
}

void TraceText::redacted(std::string_view name) {
  out_ += '"';
  append_redaction_mark(name, out_);
  out_ += '"';
  ++redactions_;
}

void TraceText::reference(std::string_view pointer, std::string& out) {
  out += "{\"$ref\":\"";
  out += pointer;
  out += "\"}";
}

bool TraceText::refer(const Value& v, std::size_t max_chars) {
  const TracePlace* place = places_.find(v);
  if (place == nullptr) return false;
  if (!place->secret.empty()) {
    redacted(place->secret);
    traits_.exact = false;
    return true;
  }
  if (!serves(place->longest, max_chars) || place->pointer.size() >= place->length) return false;
  reference(place->pointer);
  traits_.longest = std::max(traits_.longest, place->longest);
  traits_.exact = false;
  return true;
}

void TraceText::scalar(const Value& v) {
  const std::size_t start = out_.size();
  if (v.type() == Value::Type::kFloat && !std::isfinite(v.as_float())) {
    out_ += std::isnan(v.as_float()) ? "\"nan\"" : v.as_float() < 0 ? "\"-inf\"" : "\"inf\"";
    return;
  }
  write_json(v, out_);
  if (!has_secrets_ || !v.is_number() || out_.size() - start < kShortestSecret) return;
  const std::string number = out_.substr(start);
  if (!redactor_.holds_secret(number)) return;
  out_.resize(start);
  bool found = false;
  write_json_string(without_secrets(number, found), out_);
}

void TraceText::bytes(std::string_view content, std::size_t max_chars) {
  std::string clean;
  const std::size_t most = max_chars / 4 * 3;
  const std::size_t reach = most + kSecretReach;
  if (has_secrets_ && redactor_.holds_secret(content.substr(0, reach))) {
    bool found = false;
    clean = without_secrets(content, found);
    content = clean;
  }
  const std::size_t whole = (content.size() + 2) / 3 * 4;
  traits_.longest = std::max(traits_.longest, whole);
  const bool is_cut = whole > max_chars;
  write_json(Value::bytes(is_cut ? content.substr(0, most) : content), out_);
  if (!is_cut) return;
  constexpr std::string_view kEnd = "\"}";
  out_.resize(out_.size() - kEnd.size());
  append_cut(most / 3 * 4, whole, "characters", out_);
  out_ += kEnd;
  ++truncations_;
}

void TraceText::left_out() noexcept {
  ++truncations_;
  traits_.longest = SIZE_MAX;
  traits_.exact = false;
}

void TraceText::array(const Value& v, std::size_t max_chars) {
  out_ += '[';
  std::size_t n = 0;
  for (const Value& item : v.items()) {
    if (n != 0) out_ += ',';
    if (out_.size() > kMaxEventBytes) {
      std::string mark;
      append_cut(n, v.size(), "items", mark);
      write_json_string(mark, out_);
      left_out();
      break;
    }
    value(item, max_chars);
    ++n;
  }
  out_ += ']';
}

void TraceText::object(const Value& v, std::size_t max_chars) {
  out_ += '{';
  std::size_t n = 0;
  for (const Member& m : v.members()) {
    if (n != 0) out_ += ',';
    if (out_.size() > kMaxEventBytes) {
      std::string mark;
      append_cut(n, v.size(), "members", mark);
      write_json_string(mark, out_);
      out_ += ":null";
      left_out();
      break;
    }
    member_key(v, m.name(), n);
    out_ += ':';
    named_value(m.name(), m.value, max_chars);
    ++n;
  }
  out_ += '}';
}

void TraceText::member_key(const Value& object, std::string_view name, std::size_t ordinal) {
  if (is_clean(name, store_max_)) {
    raw(name.starts_with('$') ? "\"$" : "\"").raw(name).raw("\"");
    return;
  }
  if (!key_needs_change(name)) {
    const std::size_t quote = out_.size();
    write_json_string(name, out_);
    if (name.starts_with('$')) out_.insert(quote + 1, 1, '$');
    return;
  }
  const std::string shown_name =
      shown_key(name, ordinal, [&object](std::string_view other) { return object.find(other) != nullptr; });
  out_ += shown_name.starts_with('$') ? "\"$" : "\"";
  out_ += shown_name;
  out_ += '"';
}

void TraceText::named_value(std::string_view name, const Value& v, std::size_t max_chars) {
  const bool may_hold = !v.is_null() && v.type() != Value::Type::kBool;
  if (!may_hold || !names_secret(name)) return value(v, max_chars);
  if (v.is_array() || v.is_object()) traits_.exact = false;  // what is inside has no place
  redacted(name);
}

void TraceText::value(const Value& v, std::size_t max_chars) {
  switch (v.type()) {
    case Value::Type::kString:
    case Value::Type::kBytes:
      if ((v.size() >= kReferredBytes || places_.knows_secrets()) && refer(v, max_chars)) return;
      if (v.is_string()) return text(v.text(), max_chars);
      return bytes(v.text(), max_chars);
    case Value::Type::kArray:
      return refer(v, max_chars) ? void() : array(v, max_chars);
    case Value::Type::kObject:
      return refer(v, max_chars) ? void() : object(v, max_chars);
    default:
      return scalar(v);
  }
}

}  // namespace pflow
