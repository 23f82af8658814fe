#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "host/services/http/http_client.hpp"

namespace pflow::host {

/// Keys and settings by name, from wherever the user keeps them. Any thread.
class SettingSource {
 public:
  virtual ~SettingSource() = default;
  /// A key ("OPENAI_API_KEY"); nothing: there is none. Errors: the settings cannot be read.
  [[nodiscard]] virtual Result<std::optional<std::string>> secret(std::string_view name) = 0;
  /// A plain setting ("OPENAI_BASE_URL"), the same way.
  [[nodiscard]] virtual Result<std::optional<std::string>> setting(std::string_view name) = 0;
};

/// Gives the one HTTP client of the process, made when it is first asked for. Any thread.
class HttpSource {
 public:
  virtual ~HttpSource() = default;
  /// Lives as long as this. Errors: its module is missing or from another version.
  [[nodiscard]] virtual Result<HttpClient*> client() = 0;
};

/// What plugins may use besides the ABI's own table; null: not lent. All borrowed.
struct HostServices {
  HttpSource* http = nullptr;
  SettingSource* settings = nullptr;
};

}  // namespace pflow::host
