#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/json_pointer.hpp"
#include "core/base/redactor.hpp"
#include "core/base/value.hpp"
#include "core/trace/trace_places.hpp"

namespace pflow {

/// Writes one event's JSON. Every text from outside goes through `text` or `value`: secrets are taken out first, then
/// what is longer than its limit is cut, and both are counted. Values that the file has already become references.
class TraceText {
 public:
  /// An event beyond this says what it leaves out: values share parts, so a small one may be an endless text.
  static constexpr std::size_t kMaxEventBytes = std::size_t{64} * 1024 * 1024;

  /// All borrowed. `store_max`: characters of a text that is no part of an LLM call, and of a key.
  TraceText(const Redactor& redactor, const TracePlaces& places, std::size_t store_max) noexcept
      : redactor_(redactor), places_(places), store_max_(store_max) {}

  /// Starts anew; looks whether there are secrets to look for.
  void start();

  [[nodiscard]] const std::string& out() const noexcept { return out_; }

  [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }

  void release_memory() noexcept { std::string().swap(out_); }

  static constexpr std::size_t kFactMax = 4'096;

  /// JSON of our own.
  TraceText& raw(std::string_view json) {
    out_ += json;
    return *this;
  }

  /// A step of a JSON Pointer; `escaped_key` as in a JSON string.
  TraceText& step(std::string_view escaped_key) {
    append_whole_step(escaped_key, out_);
    return *this;
  }

  TraceText& integer(std::int64_t i);
  TraceText& natural(std::uint64_t u);
  TraceText& milliseconds(std::int64_t ns);  ///< in ms with 3 decimals
  TraceText& milliseconds(double ms);        ///< the same

  /// A text as a JSON string. What is not UTF-8 is replaced.
  void text(std::string_view text, std::size_t max_chars);

  void text(std::string_view text) { this->text(text, store_max_); }

  /// The host's own words: names, paths, times. They are kept whole, however short the limits for data are.
  TraceText& fact(std::string_view text) {
    this->text(text, std::max(store_max_, kFactMax));
    return *this;
  }

  TraceText& fact(const Value& v) {
    value(v, std::max(store_max_, kFactMax));
    return *this;
  }

  void value(const Value& v, std::size_t max_chars);

  TraceText& value(const Value& v) {
    value(v, store_max_);
    return *this;
  }

  /// The key of a member of `object`, its `ordinal`th.
  void member_key(const Value& object, std::string_view name, std::size_t ordinal);

  /// A value under a name: a mark in its place when the name is a secret's.
  void named_value(std::string_view name, const Value& v, std::size_t max_chars);
  void redacted(std::string_view name);  ///< "<redacted:NAME>"
  static void reference(std::string_view pointer, std::string& out);

  void reference(std::string_view pointer) { reference(pointer, out_); }

  /// A `$ref` to `v` when the file has it, as it would be written with this limit; else nothing and false.
  [[nodiscard]] bool refer(const Value& v, std::size_t max_chars);

  /// True when what was written with the store's limit stands for what this limit would give.
  [[nodiscard]] bool serves(std::size_t longest, std::size_t max_chars) const noexcept {
    return max_chars == store_max_ || longest <= std::min(max_chars, store_max_);
  }

  /// A key as the trace shows it, escaped, without quotes: redacted and cut like any text; a "$" in front not doubled.
  /// `ordinal` keeps keys apart that became the same; nothing that `taken` says true of comes out.
  template <typename Taken>
  [[nodiscard]] std::string shown_key(std::string_view key, std::size_t ordinal, Taken&& taken);

  /// What was written since the innermost `watched` began.
  struct Traits {
    std::size_t longest = 0;  ///< bytes of the longest text, before it was cut
    bool exact = true;        ///< no reference, no key that reads other than it is
  };

  template <typename Write>
  Traits watched(Write&& write) {
    const Traits outer = std::exchange(traits_, Traits());
    std::forward<Write>(write)();
    const Traits inner = std::exchange(traits_, outer);
    traits_.longest = std::max(traits_.longest, inner.longest);
    traits_.exact = traits_.exact && inner.exact;
    return inner;
  }

  void count_truncation(std::uint64_t more = 1) noexcept { truncations_ += more; }

  [[nodiscard]] std::uint64_t redactions() const noexcept { return redactions_; }

  [[nodiscard]] std::uint64_t truncations() const noexcept { return truncations_; }

 private:
  [[nodiscard]] bool holds_secret(std::string_view text) const;
  [[nodiscard]] std::string without_secrets(std::string_view text, bool& found);
  /// `text` without secrets, then cut.
  [[nodiscard]] std::string shown(std::string_view text, std::size_t max_chars);
  void scalar(const Value& v);
  void bytes(std::string_view content, std::size_t max_chars);
  void array(const Value& v, std::size_t max_chars);
  void object(const Value& v, std::size_t max_chars);
  void left_out() noexcept;  ///< part of a container was

  /// Plain, short enough and, as far as is known, no secret: goes out as it is.
  [[nodiscard]] bool is_clean(std::string_view text, std::size_t max_chars) const;

  [[nodiscard]] bool key_needs_change(std::string_view key) const {
    return key.size() > store_max_ || holds_secret(key);
  }

  const Redactor& redactor_;
  const TracePlaces& places_;
  std::size_t store_max_;
  std::string out_;
  bool has_secrets_ = false;
  Traits traits_;
  std::uint64_t redactions_ = 0;
  std::uint64_t truncations_ = 0;
};

/// The content of a JSON string for `text`, without quotes.
[[nodiscard]] std::string json_escaped(std::string_view text);

template <typename Taken>
std::string TraceText::shown_key(std::string_view key, std::size_t ordinal, Taken&& taken) {
  if (!key_needs_change(key)) return json_escaped(key);
  traits_.exact = false;
  std::string changed = shown(key, store_max_);
  do {
    changed += '#' + std::to_string(ordinal);
  } while (taken(std::string_view(changed)));
  return json_escaped(changed);
}

}  // namespace pflow
