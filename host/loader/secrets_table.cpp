#include "host/loader/extension_tables.hpp"
#include "host/loader/open_call.hpp"
#include "host/loader/plugin.hpp"

// "pflow.secrets/1", the host half. Entered from foreign code like host_table.cpp; the same rules.
namespace pflow::host {
namespace {

constexpr std::size_t kMaxNameBytes = 256;

pflow_status PFLOW_CALL get(pflow_call* c, pflow_str name, std::uint32_t flags, pflow_str* out) noexcept {
  if (c == nullptr || out == nullptr || name.len == 0 || name.len > kMaxNameBytes) return PFLOW_E_INVALID;
  *out = {nullptr, 0};
  return with_open(c, [&]() -> pflow_status {
    SettingSource* const settings = c->plugin->services().settings;
    if (settings == nullptr) return PFLOW_E_UNSUPPORTED;
    const bool is_secret = (flags & PFLOW_SECRET) != 0;
    Result<std::optional<std::string>> found = is_secret ? settings->secret(view(name)) : settings->setting(view(name));
    if (!found) {
      c->host_problem = std::move(found).error();
      return PFLOW_E_IO;
    }
    if (!*found) return PFLOW_E_NOT_FOUND;
    const Value& kept = c->values.emplace_back(Value::string(**found));
    if (is_secret && c->call != nullptr && c->call->events() != nullptr) {
      c->call->events()->secret_resolved(view(name), kept);
    }
    *out = str(kept.text());
    return PFLOW_OK;
  });
}

}  // namespace

const pflow_host_secrets& secrets_table() noexcept {
  static constexpr pflow_host_secrets table = {sizeof(pflow_host_secrets), 0, get};
  return table;
}

}  // namespace pflow::host
