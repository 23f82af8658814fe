#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

#include "core/base/result.hpp"
#include "host/services/host_services.hpp"
#include "host/services/http/http_client.hpp"

namespace pflow::host {

/// Where the module is: found from the program's own path, as installed plugins are; empty when that is unknown.
[[nodiscard]] std::filesystem::path installed_http_module();

/// Opens the module, which stays in memory, and makes a client. Error: kPluginBroken (missing, no module of ours, from
/// another version; the client cannot be made).
[[nodiscard]] Result<std::unique_ptr<HttpClient>> open_http_client(const std::filesystem::path& module);

/// The client of a program that may never need one: the module is opened when it is first asked for. Thread-safe.
class HttpModule final : public HttpSource {
 public:
  explicit HttpModule(std::filesystem::path module = installed_http_module()) : module_(std::move(module)) {}

  /// The same one each time, until this is destroyed; that ends what is under way. An error is found only once. Error:
  /// kPluginBroken.
  [[nodiscard]] Result<HttpClient*> client() override;

 private:
  std::filesystem::path module_;
  std::once_flag once_;
  Result<std::unique_ptr<HttpClient>> client_ = std::unique_ptr<HttpClient>();
};

}  // namespace pflow::host
