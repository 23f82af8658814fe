#include <pwd.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <cstdlib>

#include "host/cli/environment.hpp"

namespace pflow::host {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::filesystem::path home_folder() {
  if (const auto own = environment("PFLOW_HOME"); own && !own->empty()) return std::filesystem::absolute(*own);
  if (const auto home = environment("HOME"); home && home->starts_with('/'))
    return std::filesystem::path(*home) / ".pflow";
  const passwd* user = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe): once, at the start
  return user != nullptr && user->pw_dir != nullptr && *user->pw_dir == '/'
             ? std::filesystem::path(user->pw_dir) / ".pflow"
             : std::filesystem::path();
}

std::filesystem::path installed_plugins() {
  std::error_code ec;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ec);
  if (ec) return {};
  return (program.parent_path() / PFLOW_PLUGINS_FROM_PROGRAM).lexically_normal();
}

bool has_elevated_rights() noexcept {
  return ::getauxval(AT_SECURE) != 0;
}

}  // namespace pflow::host
