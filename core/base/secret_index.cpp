#include "core/base/secret_index.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/utf8.hpp"

namespace pflow {
namespace {

std::uint32_t window_at(std::string_view text, std::size_t at) noexcept {
  std::uint32_t window = 0;
  std::memcpy(&window, text.data() + at, sizeof window);
  return window;
}

bool continues_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool is_hex_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// A backslash that begins an escape: an odd number of them up to here.
bool begins_escape(std::string_view text, std::size_t at) noexcept {
  std::size_t run = 0;
  while (run <= at && text[at - run] == '\\')
    ++run;
  return run % 2 == 1;
}

// Where the JSON escape begins that `at` is inside of, else `at`.
std::size_t before_escape(std::string_view text, std::size_t at) noexcept {
  if (at >= 1 && begins_escape(text, at - 1)) return at - 1;
  std::size_t digits = 0;
  while (digits < 3 && digits < at && is_hex_digit(text[at - 1 - digits]))
    ++digits;
  for (std::size_t n = 0; n <= digits; ++n) {
    if (at >= n + 2 && text[at - n - 1] == 'u' && begins_escape(text, at - n - 2)) return at - n - 2;
  }
  return at;
}

std::uint32_t packed(std::string_view beginning) noexcept {
  std::uint32_t bytes = static_cast<std::uint32_t>(beginning.size()) << 24;
  for (std::size_t i = 0; i < beginning.size(); ++i)
    bytes |= static_cast<std::uint32_t>(static_cast<unsigned char>(beginning[i])) << (8 * i);
  return bytes;
}

}  // namespace

WindowTable::WindowTable() {
  resize(10);
}

void WindowTable::resize(unsigned bits) {
  shift_ = 32 - bits;
  bits_.assign((std::size_t{1} << bits) / 64, 0);
  heads_.assign((std::size_t{1} << bits) >> kBitsPerHead, 0);
  for (std::uint32_t i = 0; i < entries_.size(); ++i)
    link(i);
}

void WindowTable::link(std::uint32_t position) {
  Entry& e = entries_[position];
  const std::uint32_t h = hash(e.window);
  bits_[h >> 6] |= std::uint64_t{1} << (h & 63);
  e.next = std::exchange(heads_[h >> kBitsPerHead], position + 1);
}

void WindowTable::add(std::uint32_t window, std::uint32_t form, std::uint32_t offset) {
  entries_.push_back({window, form, offset, 0});
  if (entries_.size() > heads_.size() && shift_ > 4) {
    resize(32 - shift_ + 2);
  } else {
    link(static_cast<std::uint32_t>(entries_.size() - 1));
  }
}

void SecretIndex::add(std::string form, std::uint32_t owner) {
  const auto number = static_cast<std::uint32_t>(forms_.size());
  if (form.size() < kStride + kWindow - 1) {
    short_.add(window_at(form, 0), number, 0);
  } else {
    for (std::uint32_t offset = 0; offset < kStride; ++offset)
      long_.add(window_at(form, offset), number, offset);
  }
  for (std::size_t n = 1; n < kWindow; ++n)
    beginnings_.insert(packed(std::string_view(form).substr(0, n)));
  longest_ = std::max(longest_, form.size());
  const bool utf8 = is_utf8(form);
  forms_.push_back({std::move(form), owner, utf8});
}

std::optional<SecretSearch::Place> SecretSearch::join(Match m) {
  if (!m.form->utf8) {
    while (m.begin > 0 && continues_character(text_[m.begin]))
      --m.begin;
    while (m.end < text_.size() && continues_character(text_[m.end]))
      ++m.end;
  }
  const std::size_t length = m.end - m.begin;
  m.begin = before_escape(text_, m.begin);
  if (!open_ || m.begin >= open_->end) {
    longest_ = length;
    return std::exchange(open_, Place{m.begin, m.end, m.form->owner});
  }
  open_->begin = std::min(open_->begin, m.begin);
  open_->end = std::max(open_->end, m.end);
  if (length > longest_) {
    longest_ = length;
    open_->owner = m.form->owner;
  }
  return std::nullopt;
}

void SecretSearch::look(const WindowTable& table, std::size_t at) {
  const std::uint32_t window = window_at(text_, at);
  if (!table.may_hold(window)) return;
  for (const WindowTable::Entry* e = table.first(window); e != nullptr; e = table.next(*e)) {
    if (e->window != window || e->offset > at) continue;
    const SecretIndex::Form& form = index_.forms_[e->form];
    const std::size_t begin = at - e->offset;
    const std::string_view rest = text_.substr(begin);
    if (rest.starts_with(form.text)) {
      matches_.push_back({begin, begin + form.text.size(), &form});
      continue;
    }
    constexpr std::size_t kCut = SecretIndex::kShortestCut;
    const std::size_t most = std::min(rest.size(), form.text.size());
    if (most < kCut || std::memcmp(rest.data(), form.text.data(), kCut) != 0) continue;
    std::size_t shared = kCut;
    while (shared < most && rest[shared] == form.text[shared])
      ++shared;
    const std::string_view after = rest.substr(shared);
    if (after.empty() || after.starts_with("...")) matches_.push_back({begin, begin + shared, &form});
  }
}

// Passes over steps that find nothing.
void SecretSearch::skip() {
  constexpr std::size_t kStride = SecretIndex::kStride;
  if (text_.size() < SecretIndex::kWindow) return;
  const std::size_t last = text_.size() - SecretIndex::kWindow;
  const bool has_short = !index_.short_.empty();
  std::size_t at = at_;
  if (has_short && at == 0) return;  // the first step has fewer places
  for (; at <= last && !index_.long_.may_hold(window_at(text_, at)); at += kStride) {
    if (!has_short) continue;
    bool found = false;
    for (std::size_t i = at + 1 - kStride; i <= at; ++i)
      found = found || index_.short_.may_hold(window_at(text_, i));
    if (found) break;
  }
  at_ = at;
}

// Looks at the places (at - stride, at], so that what it finds begins there too: steps come in order.
void SecretSearch::step() {
  constexpr std::size_t kStride = SecretIndex::kStride;
  constexpr std::size_t kWindow = SecretIndex::kWindow;
  if (at_ + kWindow <= text_.size()) look(index_.long_, at_);
  if (!index_.short_.empty()) {
    for (std::size_t i = at_ < kStride ? 0 : at_ - kStride + 1; i <= at_ && i + kWindow <= text_.size(); ++i)
      look(index_.short_, i);
  }
  at_ += kStride;
  if (matches_.size() > 1) {
    std::sort(matches_.begin(), matches_.end(), [](const Match& a, const Match& b) { return a.begin < b.begin; });
  }
}

std::optional<SecretSearch::Place> SecretSearch::next() {
  for (;;) {
    while (joined_ < matches_.size()) {
      if (std::optional<Place> ready = join(matches_[joined_++])) return ready;
    }
    matches_.clear();
    joined_ = 0;
    skip();
    if (at_ > text_.size()) return std::exchange(open_, std::nullopt);
    step();
  }
}

std::size_t SecretIndex::open_end(std::string_view text) const {
  if (longest_ == 0) return 0;
  const std::size_t most = std::min(text.size(), longest_ - 1);
  for (std::size_t length = most; length > 0; --length) {
    const std::string_view end = text.substr(text.size() - length);
    if (length < kWindow) {
      if (beginnings_.contains(packed(end))) return length;
      continue;
    }
    const std::uint32_t window = window_at(end, 0);
    for (const WindowTable* table : {&long_, &short_}) {
      if (!table->may_hold(window)) continue;
      for (const WindowTable::Entry* e = table->first(window); e != nullptr; e = table->next(*e)) {
        const std::string& form = forms_[e->form].text;
        if (e->offset == 0 && e->window == window && form.size() > length && form.starts_with(end)) return length;
      }
    }
  }
  return 0;
}

}  // namespace pflow
