#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pflow::pricing {

/// The names under which a model may be listed, the most exact first: as it is, without a provider's prefix
/// ("anthropic/", "us."), without a date at its end ("-20250929", "-2024-07-18"), without both; then all in lower case.
[[nodiscard]] std::vector<std::string> model_names(std::string_view model);

}  // namespace pflow::pricing
