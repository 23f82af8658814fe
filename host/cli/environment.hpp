#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pflow::host {

/// What the program takes from its surroundings: environment variables and its own place. Read at the edge, passed on.
[[nodiscard]] std::optional<std::string> environment(const std::string& name);

/// $PFLOW_HOME, else ~/.pflow; empty when there is no home. With elevated rights only what the user database says.
/// Nothing is created.
[[nodiscard]] std::filesystem::path home_folder();

/// The folder of installed plugins, found from the program's own path; empty when that is unknown.
[[nodiscard]] std::filesystem::path installed_plugins();

/// The environment's variables that are secret by their name and have at least 8 bytes: name and value.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> secret_variables();

/// "Linux x86_64"
[[nodiscard]] std::string platform_name();

/// Opens whichever of stdin, stdout and stderr is closed, so that no other file becomes one of them. First of all.
void occupy_standard_descriptors() noexcept;

/// True when the process runs with more rights than the user who started it.
[[nodiscard]] bool has_elevated_rights() noexcept;

}  // namespace pflow::host
