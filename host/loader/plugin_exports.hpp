#pragma once

#include <string>
#include <vector>

namespace pflow::host {

/// The names that a loaded library defines and exports, from the loader's own tables. `handle` is dlopen's.
[[nodiscard]] std::vector<std::string> exported_names(void* handle);

}  // namespace pflow::host
