#pragma once
#include <cstdint>
#include <string_view>

#include "pflow/plugin.h"
#include "pflow/sdk/text.hpp"

namespace pflow::sdk {
inline namespace v1 {

enum class Level : pflow_level {
  kTrace = PFLOW_LOG_TRACE,
  kDebug = PFLOW_LOG_DEBUG,
  kInfo = PFLOW_LOG_INFO,
  kWarn = PFLOW_LOG_WARN,
  kError = PFLOW_LOG_ERROR
};

/// The host's table as this plugin sees it. A process has one host, so a plugin keeps one pointer to it: the
/// registration macro attaches it in init(), before any node is created. Thread-safe after that.
class Host {
 public:
  static void attach(const pflow_host* table) noexcept { attached_table = table; }

  [[nodiscard]] static bool attached() noexcept { return attached_table != nullptr; }

  [[nodiscard]] static const pflow_host& table() noexcept { return *attached_table; }

  [[nodiscard]] static const pflow_value_api& values() noexcept { return *attached_table->values; }

  [[nodiscard]] static std::string_view name() noexcept { return to_view(attached_table->name); }

  [[nodiscard]] static std::string_view version() noexcept { return to_view(attached_table->version); }

  /// The extension `id` ("pflow.secrets/1"), or nullptr if this host does not offer it.
  template <class Table>
  [[nodiscard]] static const Table* extension(const char* id) noexcept {
    return static_cast<const Table*>(attached_table->get_extension(attached_table, id));
  }

  [[nodiscard]] static bool log_enabled(Level level) noexcept {
    return attached_table->log_enabled(attached_table, static_cast<pflow_level>(level)) != 0;
  }

  /// Logs outside any call. `fields_json` is an object as JSON text, or empty.
  static void log(Level level, std::string_view message, std::string_view fields_json = {}) noexcept {
    attached_table->log(attached_table, nullptr, static_cast<pflow_level>(level), to_str(message), to_str(fields_json));
  }

 private:
  inline static const pflow_host* attached_table = nullptr;
};

}  // namespace v1
}  // namespace pflow::sdk
