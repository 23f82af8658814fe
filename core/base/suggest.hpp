#pragma once

#include <string>
#include <string_view>
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

}  // namespace pflow
