#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "host/cli/settings.hpp"
#include "host/services/host_services.hpp"

namespace pflow::host {

/// Keys and settings of this user: an environment variable that is not empty, else what settings.json says. The file is
/// read when it is first needed, once. Any thread.
class UserSettings final : public SettingSource {
 public:
  UserSettings() = default;
  UserSettings(const UserSettings&) = delete;
  UserSettings& operator=(const UserSettings&) = delete;

  /// What settings.json says. Errors: those of read_settings.
  [[nodiscard]] Result<const Settings*> file();

  [[nodiscard]] Result<std::optional<std::string>> secret(std::string_view name) override;
  [[nodiscard]] Result<std::optional<std::string>> setting(std::string_view name) override;

  /// What is wrong with the file without keeping anybody from using it. Before the run.
  [[nodiscard]] Problems take_warnings();

 private:
  [[nodiscard]] Result<std::optional<std::string>> find(std::string_view name, Settings::Named Settings::*list);

  std::mutex mutex_;
  std::optional<Result<Settings>> read_;
  Problems warnings_;
};

}  // namespace pflow::host
