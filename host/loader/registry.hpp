#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/engine/node_factory.hpp"
#include "host/loader/plugin.hpp"
#include "host/loader/scan_cache.hpp"
#include "host/loader/scanner.hpp"
#include "host/loader/search_path.hpp"

namespace pflow::host {

/// One file that was looked at.
struct PluginRecord {
  std::filesystem::path path;  ///< canonical
  std::string origin;          ///< of its place: "--plugin", "installed", ...
  std::size_t rank = 0;        ///< of its place; lower shadows higher
  std::optional<Error> error;  ///< why it was refused
  bool remembered = false;     ///< known from an earlier look
  std::string id;
  std::string version;
  unsigned abi_minor = 0;
  FileIdentity file;
  std::vector<OfferedType> types;
  std::vector<std::string> shadowed;  ///< types that an earlier place offers too, or another file in the same place
  std::vector<std::string> notes;     ///< worth telling, no reason to refuse
};

/// Finds plugins, says what they offer, and makes nodes from them. Looks at each file once (through the scan cache) and
/// opens a library only when a node of it is made. Not thread-safe; its nodes may be called from any thread.
class Registry final : public NodeFactory {
 public:
  struct Options {
    SearchPathOptions search;
    Scanner::Options scanner;
    std::filesystem::path cache_folder;  ///< empty: no cache
    CallEvents* events = nullptr;        ///< borrowed; may be null
    HostServices services = {};          ///< borrowed
    bool rescan_failed = false;          ///< looks again at files whose failure is remembered
  };

  explicit Registry(Options options);
  ~Registry() override;

  [[nodiscard]] Result<const NodeType*> find(std::string_view type_name) override;
  [[nodiscard]] Result<std::unique_ptr<Node>> create(const NodeType& type, const Value& params) override;

  [[nodiscard]] const std::vector<PluginRecord>& plugins();  ///< in the order of the places

  [[nodiscard]] const std::vector<PluginPlace>& places() const noexcept { return places_; }

  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }

  [[nodiscard]] std::vector<std::string_view> type_names();  ///< sorted; what can be used

  /// Sorted; types that may implement another one: `find` tells, or why one of them cannot be used.
  [[nodiscard]] std::vector<std::string_view> provider_types();

  /// Which files were not used and why, for the end of a message; each line begins with a line feed. At most 5.
  [[nodiscard]] std::string refusals();

  /// Orderly end: every opened plugin's deinit. Call after all calls have ended; not if one was abandoned.
  void close() noexcept;

 private:
  struct Offer {
    std::size_t record = 0;
    std::size_t type = 0;
    std::vector<std::size_t> rivals;  // other records in the same place
    std::unique_ptr<NodeType> described;
  };

  void look();  // once
  void look_at(const PluginPlace& place, std::size_t rank, TrustChecks& trust, std::vector<std::size_t>& unknown);
  void use_scan(PluginRecord& record, ScanResult scan);
  void offer_types();
  [[nodiscard]] Error unknown_type(std::string_view type_name);
  [[nodiscard]] Result<Plugin*> opened(std::size_t record);
  [[nodiscard]] Result<std::unique_ptr<Plugin>> open_unchanged(const PluginRecord& record) const;

  Options options_;
  std::vector<std::string> notes_;  // before places_, whose making fills it
  std::vector<PluginPlace> places_;
  bool looked_ = false;
  std::vector<PluginRecord> records_;
  std::unordered_map<std::string, Offer> offers_;
  std::unordered_map<std::size_t, Result<std::unique_ptr<Plugin>>> opened_;
};

}  // namespace pflow::host
