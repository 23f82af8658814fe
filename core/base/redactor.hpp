#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/value.hpp"

namespace pflow {

/// Keeps secret values out of what is said or kept beside the result: each becomes <redacted:NAME>, as it is and as it
/// stands in JSON texts, base64 and URLs. Values of fewer than 4 bytes are left alone: taking them out would tell more
/// than it hides. Any thread, while others add.
class Redactor {
 public:
  Redactor();
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;
  ~Redactor();

  /// Every text inside `value` is secret. One that is known already costs a look-up.
  void add(std::string_view name, const Value& value);

  [[nodiscard]] bool empty() const noexcept;  ///< knows no secret: nothing to look for

  /// `text` without secrets; adds to `count` how many were taken out.
  [[nodiscard]] std::string redact(std::string_view text, std::size_t* count = nullptr) const;
  /// True when `text` holds a secret: saves the copy when it does not.
  [[nodiscard]] bool holds_secret(std::string_view text) const;
  void redact(Problems& problems) const;

  /// A header, parameter or key whose value is a secret by its name: Authorization, x-api-key, api_key, password, ...
  [[nodiscard]] static bool is_secret_name(std::string_view name) noexcept;

  /// An environment variable whose value is a secret by its name: *KEY, *TOKEN, *SECRET*, *PASSWORD*, *CREDENTIAL*.
  [[nodiscard]] static bool is_secret_variable(std::string_view name) noexcept;

 private:
  struct Secrets;  // immutable: a change makes another one

  std::mutex mutex_;  // writers
  std::shared_ptr<const Secrets> secrets_;  // read and replaced through std::atomic_load and std::atomic_store
};

}  // namespace pflow
