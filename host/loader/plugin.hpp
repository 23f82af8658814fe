#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pflow/plugin.h"

#include "core/base/result.hpp"
#include "core/engine/call.hpp"
#include "core/engine/node_type.hpp"
#include "host/services/host_services.hpp"

namespace pflow::host {

/// What an opened plugin offers, before anybody reads its descriptors.
struct OfferedType {
  std::string name;
  std::string version;
  std::uint32_t flags = 0;
  std::uint32_t max_concurrency = 0;
  std::string descriptor_json;
};

/// What a plugin is opened into. All borrowed.
struct Surroundings {
  CallEvents* events = nullptr;  ///< receives what it logs outside of calls; null: nobody listens
  HostServices services = {};
};

/// What opening a plugin does, in this order.
enum class OpenStep : std::uint8_t { kLoad, kCheckEntry, kInitialise, kReadOffers };

/// One plugin's library in this process. Opened once, never closed (RTLD_NODELETE): a plugin's threads, callbacks and
/// static objects may outlive every use the host makes of it. Loading is serialised; the rest is immutable after
/// `open`.
class Plugin {
 public:
  /// Maps the library, checks its entry before anything in it is called, and calls init. Errors: kPluginRefused (no
  /// plugin, wrong ABI), kPluginBroken (breaks the contract, init failed). On an error, `failed_at` (may be null) is
  /// told the step: why kLoad failed may lie outside of the file.
  [[nodiscard]] static Result<std::unique_ptr<Plugin>> open(const std::filesystem::path& canonical_path,
                                                            const Surroundings& surroundings,
                                                            OpenStep* failed_at = nullptr);
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  ~Plugin();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  [[nodiscard]] const std::string& version() const noexcept { return version_; }

  [[nodiscard]] unsigned abi_minor() const noexcept { return abi_minor_; }

  [[nodiscard]] CallEvents* events() const noexcept { return events_.load(); }  ///< nullptr: nobody listens, or closed

  [[nodiscard]] const HostServices& services() const noexcept { return services_; }

  [[nodiscard]] const pflow_host& host_table() const noexcept { return host_; }

  [[nodiscard]] const std::vector<OfferedType>& offers() const noexcept { return offers_; }

  [[nodiscard]] const pflow_node_type* table(std::string_view type_name) const noexcept;  ///< nullptr: not offered

  [[nodiscard]] std::mutex& create_mutex() const noexcept { return create_mutex_; }  ///< create is serial per plugin

  /// A create that nobody waits for any more has not returned: it holds the mutex, maybe for ever.
  [[nodiscard]] bool create_left_behind() const noexcept { return create_left_behind_.load(); }

  void set_create_left_behind(bool left) noexcept { create_left_behind_.store(left); }

  /// Tells that the plugin broke the contract where no call can fail for it. `what` follows its path; `detail` may be
  /// empty.
  void late_fault(std::string_view what, std::string_view detail = "") const noexcept;

  /// Names that the library exports besides its entry: they may clash with another plugin's.
  [[nodiscard]] std::vector<std::string> extra_exports() const;

  /// Calls deinit, once, after all calls have ended; the loader's thread. What it logs later reaches nobody.
  void close() noexcept;

  /// Keeps one that is no longer used until the process ends: its threads may still hold the host table's address. What
  /// they log from now on reaches nobody.
  static void retire(std::unique_ptr<Plugin> plugin);

 private:
  class Library;  // holds Boost.DLL

  explicit Plugin(std::filesystem::path path, const Surroundings& surroundings);
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> check_entry();
  [[nodiscard]] Result<void> initialise();
  [[nodiscard]] Result<void> read_offers();
  [[nodiscard]] Error broken(std::string message, std::string hint = "") const;
  [[nodiscard]] Error threw(std::string_view function, std::string_view what) const;

  std::filesystem::path path_;
  std::atomic<CallEvents*> events_;
  HostServices services_;
  std::unique_ptr<Library> library_;
  const pflow_plugin_entry* entry_ = nullptr;
  pflow_host host_{};
  std::string id_;
  std::string version_;
  unsigned abi_minor_ = 0;
  std::vector<OfferedType> offers_;
  std::vector<const pflow_node_type*> tables_;  // parallel to offers_
  mutable std::mutex create_mutex_;
  std::atomic<bool> create_left_behind_{false};
  bool initialised_ = false;
};

}  // namespace pflow::host
