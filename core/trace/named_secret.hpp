#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pflow {

/// A value inside a text that is a secret by the name in front of it.
struct NamedSecret {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view name;
};

/// Finds secrets that a text shows with their names, whether anybody knows the values or not:
///   https://host/?q=1&api_key=VALUE     API_KEY="VALUE"           a URL's query, an assignment
///   Authorization: Bearer VALUE         x-api-key: VALUE          a header
///   {"access_token": "VALUE"}           the same with \"          JSON inside the text
/// References ("${...}") and what is redacted already are no values. Linear in the text.
class NamedSecrets {
 public:
  explicit NamedSecrets(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] std::optional<NamedSecret> next() noexcept;

 private:
  [[nodiscard]] std::optional<NamedSecret> after_equals(std::size_t at) const noexcept;
  [[nodiscard]] std::optional<NamedSecret> after_colon(std::size_t at) const noexcept;
  [[nodiscard]] std::optional<NamedSecret> quoted_member(std::size_t at) const noexcept;
  [[nodiscard]] std::optional<NamedSecret> header(std::size_t at) const noexcept;
  [[nodiscard]] bool worth_hiding(std::size_t begin, std::size_t end) const noexcept;

  std::string_view text_;
  std::size_t from_ = 0;
  std::size_t equals_ = 0;  // the first '=' at or after from_, once it was looked for
  std::size_t colon_ = 0;
  bool started_ = false;
};

/// True when a key or parameter of this name holds a secret: Redactor::is_secret_name, behind a check that most names
/// fail at once.
[[nodiscard]] bool names_secret(std::string_view name) noexcept;

/// Appends "<redacted:NAME>", the name in letters that need no escape anywhere.
void append_redaction_mark(std::string_view name, std::string& out);

}  // namespace pflow
