#include "host/cli/user_settings.hpp"

#include <utility>

#include "host/cli/environment.hpp"

namespace pflow::host {

Result<const Settings*> UserSettings::file() {
  const std::lock_guard lock(mutex_);
  if (!read_) read_ = read_settings(home_folder(), warnings_);
  if (!*read_) return read_->error();
  return &read_->value();
}

Result<std::optional<std::string>> UserSettings::secret(std::string_view name) {
  return find(name, &Settings::keys);
}

Result<std::optional<std::string>> UserSettings::setting(std::string_view name) {
  return find(name, &Settings::variables);
}

Result<std::optional<std::string>> UserSettings::find(std::string_view name, Settings::Named Settings::*list) {
  std::optional<std::string> value = environment(std::string(name));
  if (value && !value->empty()) return value;
  const Result<const Settings*> settings = file();
  if (!settings) return settings.error();
  const std::string* const found = Settings::find((*settings)->*list, name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

Problems UserSettings::take_warnings() {
  const std::lock_guard lock(mutex_);
  return std::exchange(warnings_, {});
}

}  // namespace pflow::host
