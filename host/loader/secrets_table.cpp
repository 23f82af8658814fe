#include <fmt/format.h>

#include "core/base/utf8.hpp"
#include "host/loader/extension_tables.hpp"
#include "host/loader/open_call.hpp"
#include "host/loader/plugin.hpp"

// "pflow.secrets/1", the host half. Entered from foreign code like host_table.cpp; the same rules.
namespace pflow::host {
namespace {

constexpr std::size_t kMaxNameBytes = 256;

Error missing(std::string_view name) {
  const std::string shown = printable(name, kMaxNameBytes);
  Error e;
  e.code = Code::kMissingSecret;
  e.message = fmt::format("{} is not set", shown);
  e.hint = fmt::format("Set {} in the environment, or under \"keys\" in settings.json.", shown);
  return e;
}

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
    if (!*found) {
      if (is_secret) c->host_problem = missing(view(name));
      return PFLOW_E_NOT_FOUND;
    }
    if (is_secret && c->host_problem && c->host_problem->code == Code::kMissingSecret) c->host_problem.reset();
    const Value& kept = c->values.emplace_back(Value::string(**found));
    CallEvents* const events = c->call != nullptr ? c->call->events() : c->plugin->events();  // in init and create
    if (is_secret && events != nullptr) events->secret_resolved(view(name), kept);
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
