#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace pflow {

/// Remembers windows of 4 bytes of many texts; most windows of a text that is searched are refused by one look at a
/// bit. Grows by itself. O(1).
class WindowTable {
 public:
  struct Entry {
    std::uint32_t window;
    std::uint32_t form;
    std::uint32_t offset;  ///< of the window in the form
    std::uint32_t next;    ///< position + 1; 0: none
  };

  WindowTable();

  void add(std::uint32_t window, std::uint32_t form, std::uint32_t offset);

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  [[nodiscard]] bool may_hold(std::uint32_t window) const noexcept {
    const std::uint32_t h = hash(window);
    return (bits_[h >> 6] >> (h & 63) & 1) != 0;
  }

  [[nodiscard]] const Entry* first(std::uint32_t window) const noexcept {
    return at(heads_[hash(window) >> kBitsPerHead]);
  }

  [[nodiscard]] const Entry* next(const Entry& e) const noexcept { return at(e.next); }

 private:
  static constexpr unsigned kBitsPerHead = 5;  // as a power of two

  [[nodiscard]] std::uint32_t hash(std::uint32_t window) const noexcept { return window * 0x9E3779B1U >> shift_; }

  [[nodiscard]] const Entry* at(std::uint32_t position) const noexcept {
    return position == 0 ? nullptr : &entries_[position - 1];
  }

  void resize(unsigned bits);
  void link(std::uint32_t position);

  unsigned shift_ = 0;
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> heads_;  // position + 1
  std::vector<Entry> entries_;
};

/// Finds many texts ("forms") in one pass over another. Forms only come; a reader needs a lock against `add`.
///
/// A form of 8 bytes or more is sought at every fifth place alone: one of its first five windows must lie there.
class SecretIndex {
 public:
  static constexpr std::size_t kShortestForm = 4;
  /// A beginning of a form that is this long counts as the form where the text was cut: at its end or before "...".
  static constexpr std::size_t kShortestCut = 8;

  /// `owner` is what a search tells.
  void add(std::string form, std::uint32_t owner);

  /// The longest end of `text` that is the beginning of a form, not all of it. O(longest form).
  [[nodiscard]] std::size_t open_end(std::string_view text) const;

 private:
  friend class SecretSearch;

  static constexpr std::size_t kWindow = 4;
  static constexpr std::size_t kStride = kShortestCut - kWindow + 1;

  struct Form {
    std::string text;
    std::uint32_t owner;
    bool utf8;
  };

  std::vector<Form> forms_;
  WindowTable long_;   // windows at the offsets 0 to kStride - 1 of forms that are long enough for all of them
  WindowTable short_;  // the first window of the others
  std::unordered_set<std::uint32_t> beginnings_;  // of 1 to 3 bytes
  std::size_t longest_ = 0;
};

/// The places of one text that hold a form, in order and without overlaps: forms that overlap are one place. No place
/// begins or ends inside a UTF-8 character or begins inside a JSON escape. Both arguments are borrowed.
class SecretSearch {
 public:
  struct Place {
    std::size_t begin;
    std::size_t end;
    std::uint32_t owner;  ///< of the longest form there
  };

  SecretSearch(const SecretIndex& index, std::string_view text) noexcept : index_(index), text_(text) {}

  [[nodiscard]] std::optional<Place> next();

 private:
  struct Match {
    std::size_t begin;
    std::size_t end;
    const SecretIndex::Form* form;
  };

  void skip();
  void step();
  void look(const WindowTable& table, std::size_t at);
  [[nodiscard]] std::optional<Place> join(Match m);

  const SecretIndex& index_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Match> matches_;  // of the last step
  std::size_t joined_ = 0;      // how many of them
  std::optional<Place> open_;   // what comes next may overlap it
  std::size_t longest_ = 0;     // form there
};

}  // namespace pflow
