#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/base/value.hpp"

namespace pflow {

/// Keeps secret values out of what is said or kept beside the result: each becomes <redacted:NAME>, as it is and as it
/// stands in JSON texts, base64, hexadecimal digits and URLs. What a text was cut in (at its end, or before "...") is
/// found by its beginning of 8 bytes or more. Values of fewer than 4 bytes are left alone: taking them out would tell
/// more than it hides. White space around a value and "Bearer " and the like before it are no part of the secret.
///
/// Bounded: of 256 KiB one value is known; of all values together 8192 or 1 MiB. When there are more, the half that
/// came first (what is known before a run) and the newest quarter stay.
///
/// Give it texts, not JSON documents: a number that is secret would leave no number behind. Any thread, while others
/// add.
class Redactor {
 public:
  /// A value that is a secret by its name is one from this length on, in bytes.
  static constexpr std::size_t kShortestNamed = 8;

  Redactor();
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;
  ~Redactor();

  /// Every text inside `value` is secret. One that is known already costs a look-up. Throws std::bad_alloc.
  void add(std::string_view name, const Value& value);
  void add(std::string_view name, std::string_view text);

  /// Knows no secret: nothing to look for.
  [[nodiscard]] bool empty() const noexcept { return !any_.load(std::memory_order_acquire); }

  /// `text` without secrets; adds to `count` how many were taken out.
  [[nodiscard]] std::string redact(std::string_view text, std::size_t* count = nullptr) const;
  /// True when `text` holds a secret: saves the copy when it does not.
  [[nodiscard]] bool holds_secret(std::string_view text) const;
  void redact(Problems& problems) const;

  /// How much of `text`, which goes on later, may be shown (redacted) before that: the rest may be the beginning of a
  /// secret.
  [[nodiscard]] std::size_t showable(std::string_view text) const;

  /// A header, parameter or key whose value is a secret by its name: Authorization, x-api-key, api_key, password, ...
  [[nodiscard]] static bool is_secret_name(std::string_view name) noexcept;

  /// An environment variable whose value is a secret by its name: *KEY, *TOKEN, *SECRET*, *PASSWORD*, *CREDENTIAL*, or
  /// any name that is_secret_name knows.
  [[nodiscard]] static bool is_secret_variable(std::string_view name) noexcept;

 private:
  struct Secrets;

  void add_piece(std::string_view name, std::string_view text, bool in_pieces);

  mutable std::shared_mutex mutex_;
  std::unique_ptr<Secrets> secrets_;  // guarded
  std::atomic<bool> any_{false};
};

}  // namespace pflow
