#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pflow {

/// The candidate that `wrong` was most likely meant to be, or nothing. Near is: at most a third of the letters differ
/// (optimal string alignment, letter case ignored), or one is the beginning of the other.
[[nodiscard]] std::string_view nearest(std::string_view wrong, const std::vector<std::string_view>& candidates);

/// "a, b, c"; beyond `limit` names "..., and 12 more".
[[nodiscard]] std::string listing(const std::vector<std::string_view>& names, std::size_t limit = 20);

/// `Did you mean "x"? ` when something is near, then `<label>: a, b, c`. "<label>: none" for an empty list.
[[nodiscard]] std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& candidates,
                                       std::string_view label);

/// Names to guess from, for a document that may be wrong in thousands of places: a guess compares with every name, so
/// only the first ones are made; then names are listed without a guess. Borrows the texts.
class Suggestions {
 public:
  Suggestions() = default;

  explicit Suggestions(std::vector<std::string_view> names) noexcept : names_(std::move(names)) {}

  static constexpr std::size_t kMaxComparisons = 300'000;  ///< in the life of one

  void add(std::string_view name) { names_.push_back(name); }

  /// As the function of this name, while guesses are made.
  [[nodiscard]] std::string did_you_mean(std::string_view wrong, std::string_view label);

 private:
  std::vector<std::string_view> names_;
  std::size_t comparisons_ = 0;
};

}  // namespace pflow
