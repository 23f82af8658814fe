#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/value.hpp"

namespace pflow::pricing {

/// Says whether a name is meant: {"equals": "gpt-5"}, "starts_with", "ends_with", "contains", "regex" (ECMAScript,
/// anywhere in the name), {"or": [...]}, {"and": [...]}. Letter case counts, as in the data's own reference. Names of
/// more than 512 bytes match nothing. A regular expression is compiled when it is first asked: not thread-safe.
class Matcher {
 public:
  /// Errors: kWrongType, kInvalidValue, kTooDeep; `where` is a JSON Pointer from `logic`.
  [[nodiscard]] static Result<Matcher> read(const Value& logic);
  [[nodiscard]] static Matcher equal_to(std::string_view name);

  [[nodiscard]] bool matches(std::string_view name) const;

  /// Compiles what is still to be compiled. Error: kInvalidValue names a regular expression that is none.
  [[nodiscard]] Result<void> compile() const;

 private:
  enum class Kind : unsigned char { kEquals, kStartsWith, kEndsWith, kContains, kRegex, kOr, kAnd };
  struct Regex;

  [[nodiscard]] static Result<Matcher> read(const Value& logic, int depth);
  [[nodiscard]] bool holds(std::string_view name) const;
  [[nodiscard]] const Regex& regex() const;

  Kind kind_ = Kind::kOr;  // of nothing: matches nothing
  std::string text_;
  std::vector<Matcher> parts_;
  mutable std::shared_ptr<const Regex> regex_;  // shared by copies of this matcher; immutable
};

}  // namespace pflow::pricing
