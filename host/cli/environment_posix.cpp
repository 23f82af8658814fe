#include <fcntl.h>
#include <pwd.h>
#include <sys/auxv.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>

#include "host/cli/environment.hpp"

namespace pflow::host {
namespace {

std::filesystem::path user_home() {
  const passwd* user = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe): once, at the start
  const bool known = user != nullptr && user->pw_dir != nullptr && *user->pw_dir == '/';
  return known ? std::filesystem::path(user->pw_dir) / ".pflow" : std::filesystem::path();
}

}  // namespace

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void for_each_variable(const std::function<void(std::string_view name, std::string_view value)>& visit) {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) visit(text.substr(0, equals), text.substr(equals + 1));
  }
}

std::filesystem::path home_folder() {
  if (has_elevated_rights()) return user_home();  // the caller's variables choose nothing
  if (const auto own = environment("PFLOW_HOME"); own && !own->empty()) return std::filesystem::absolute(*own);
  if (const auto home = environment("HOME"); home && home->starts_with('/'))
    return std::filesystem::path(*home) / ".pflow";
  return user_home();
}

std::filesystem::path installed_plugins() {
  std::error_code ec;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ec);
  if (ec) return {};
  return (program.parent_path() / PFLOW_PLUGINS_FROM_PROGRAM).lexically_normal();
}

std::string platform_name() {
  utsname system{};
  if (::uname(&system) != 0) return "unknown";
  return std::string(system.sysname) + " " + system.machine;
}

void occupy_standard_descriptors() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // Opened files take the lowest free number, which is this one. A closed stdout must stay one that cannot be
    // written.
    static_cast<void>(::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY));
  }
}

bool has_elevated_rights() noexcept {
  return ::getauxval(AT_SECURE) != 0;
}

}  // namespace pflow::host
