#include "host/services/http/http_module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <string>
#include <system_error>
#include <utility>

#include <boost/dll/shared_library.hpp>

#include "core/base/utf8.hpp"

namespace pflow::host {
namespace {

Error broken(const std::filesystem::path& module, std::string message) {
  Error e;
  e.code = Code::kPluginBroken;
  e.message = std::move(message);
  e.where = module.string();
  e.hint = "It is part of pflow-host and lies beside its plugin folder: install both from one version.";
  return e;
}

}  // namespace

std::filesystem::path installed_http_module() {
  std::error_code ec;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ec);
  if (ec) return {};
  return (program.parent_path() / PFLOW_HTTP_FROM_PROGRAM).lexically_normal();
}

Result<std::unique_ptr<HttpClient>> open_http_client(const std::filesystem::path& module) {
  std::error_code ec;
  const std::filesystem::path path = std::filesystem::canonical(module, ec);
  if (ec) return broken(module, fmt::format("the HTTP module is not there: {}", ec.message()));
  // As plugins are opened: Boost.DLL hands the bits to dlopen as they are; NODELETE has no name there.
  const auto flags = static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  boost::dll::shared_library library;
  boost::dll::fs::error_code failed;
  library.load(path, failed, flags);
  if (failed) {
    const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps one a thread
    return broken(path, fmt::format("the HTTP module cannot be loaded: {}",
                                    why != nullptr ? printable(why, 4096) : failed.message()));
  }
  if (!library.has(kMakeHttpClientName))
    return broken(path, fmt::format("is no HTTP module: it does not export {}", kMakeHttpClientName));
  std::string why;
  const auto make =
      reinterpret_cast<MakeHttpClient>(&library.get<HttpClient*(const char*, std::string&)>(kMakeHttpClientName));
  std::unique_ptr<HttpClient> client(make(PFLOW_VERSION, why));
  if (client == nullptr) return broken(path, fmt::format("the HTTP module cannot be used: {}", why));
  return client;
}

Result<HttpClient*> HttpModule::client() {
  std::call_once(once_, [this] { client_ = open_http_client(module_); });
  if (!client_) return client_.error();
  return client_->get();
}

}  // namespace pflow::host
