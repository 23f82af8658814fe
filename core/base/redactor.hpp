#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/value.hpp"

namespace pflow {

/// Keeps secret values out of what is said or kept beside the result: each becomes <redacted:NAME>, as it is and as it
/// stands in JSON texts (escaped once or twice), base64 at any alignment, URLs and hexadecimal. Values of fewer than
/// 4 bytes are left alone: taking them out would tell more than it hides; below 6 bytes only the text itself is looked
/// for. Any thread, while others add.
class Redactor {
 public:
  Redactor() = default;
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  /// Every text and number inside `value` is secret. One that is known already costs a look-up.
  void add(std::string_view name, const Value& value);

  [[nodiscard]] bool empty() const noexcept { return !filled_.load(std::memory_order_acquire); }

  /// `text` without secrets; adds to `count` how many were taken out. One pass, however many secrets there are.
  [[nodiscard]] std::string redact(std::string_view text, std::size_t* count = nullptr) const;
  /// True when `text` holds a secret: saves the copy when it does not.
  [[nodiscard]] bool holds_secret(std::string_view text) const;
  void redact(Problems& problems) const;

  /// How many bytes at the end of `text` might be the beginning of a secret: what is streamed is held back by them.
  [[nodiscard]] std::size_t open_end(std::string_view text) const;

  /// A header, parameter or key whose value is a secret by its name: Authorization, x-api-key, api_key, password, ...
  [[nodiscard]] static bool is_secret_name(std::string_view name);

  /// An environment variable whose value is a secret by its name: *KEY, *TOKEN, *SECRET*, *PASSWORD*, *CREDENTIAL*.
  [[nodiscard]] static bool is_secret_variable(std::string_view name);

 private:
  struct Pattern {
    std::string text;
    std::size_t mark = 0;  // position in marks_
  };

  /// Part of a text that one or several overlapping secrets take.
  struct Hit {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;
    std::size_t mark = 0;
  };

  void add_text(std::string_view name, std::string_view text);
  void add_pattern(std::string_view text, std::size_t mark);  // the caller holds mutex_

  // The caller holds mutex_, shared.
  [[nodiscard]] Hit find(std::string_view text, std::size_t from) const;
  [[nodiscard]] const Pattern* match(std::string_view rest) const;  // the longest that `rest` begins with

  mutable std::shared_mutex mutex_;
  std::atomic<bool> filled_{false};
  std::unordered_set<std::string> known_;  // values as they were given
  std::vector<std::string> marks_;
  std::array<std::uint64_t, 1024> begins_{};                          // bit set: some pattern's first 2 bytes
  std::unordered_map<std::uint32_t, std::vector<Pattern>> patterns_;  // by their first 4 bytes, longest first
  std::size_t longest_ = 0;
};

}  // namespace pflow
