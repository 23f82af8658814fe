#pragma once

#include "pflow/plugin.h"

/// What the host lends to plugins beyond its own table. The tables are the same for all plugins; what they give access
/// to is what the plugin of the call was opened with (HostServices).
namespace pflow::host {

[[nodiscard]] const pflow_host_http& http_table() noexcept;
[[nodiscard]] const pflow_host_secrets& secrets_table() noexcept;

}  // namespace pflow::host
