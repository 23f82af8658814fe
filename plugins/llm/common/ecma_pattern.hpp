#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace pflow::llm {

/// Why a pattern cannot be used.
struct PatternProblem {
  std::string what;
};

/// A regular expression of JSON Schema's (ECMAScript's, over code points). Matching takes time in proportion to the
/// text, whatever the pattern, and bounded memory. In exchange look-around and back-references are not known. `\d`,
/// `\w` and
/// `\b` know ASCII, `\s` all white space.
class Pattern {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 10;

  /// Throws PatternProblem.
  explicit Pattern(std::string_view ecma);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// True when `text`, UTF-8, holds a match.
  [[nodiscard]] bool is_found_in(std::string_view text) const;

  /// What is_found_in takes at most, in steps of about 0.1 us.
  [[nodiscard]] std::size_t steps_for(std::string_view text) const;

 private:
  std::unique_ptr<re2::RE2> compiled_;
};

/// The pattern in RE2's words. Throws PatternProblem for what these cannot say; not all that is wrong is noticed.
[[nodiscard]] std::string to_re2(std::string_view ecma);

}  // namespace pflow::llm
