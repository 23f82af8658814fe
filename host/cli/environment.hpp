#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pflow::host {

/// What the program takes from its surroundings: environment variables and its own place. Read at the edge, passed on.
[[nodiscard]] std::optional<std::string> environment(const std::string& name);

/// All of them.
void for_each_variable(const std::function<void(std::string_view name, std::string_view value)>& visit);

/// $PFLOW_HOME, else ~/.pflow; empty when there is no home. With elevated rights only what the user database says.
/// Nothing is created.
[[nodiscard]] std::filesystem::path home_folder();

/// The folder of installed plugins, found from the program's own path; empty when that is unknown.
[[nodiscard]] std::filesystem::path installed_plugins();

/// "Linux x86_64"
[[nodiscard]] std::string platform_name();

/// Opens whichever of stdin, stdout and stderr is closed, so that no other file becomes one of them. First of all.
void occupy_standard_descriptors() noexcept;

/// True when the process runs with more rights than the user who started it.
[[nodiscard]] bool has_elevated_rights() noexcept;

}  // namespace pflow::host
