#include "host/loader/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/suggest.hpp"
#include "core/engine/workflow_type.hpp"
#include "host/loader/descriptor.hpp"
#include "host/loader/plugin_error.hpp"
#include "host/loader/plugin_node.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;

// Node types of the Python tool that this one does not ship; a document that names one deserves a better word than
// "unknown".
constexpr std::array<std::string_view, 2> kForeignTypes = {"claude-code", "code"};
constexpr std::array<std::string_view, 3> kForeignPrefixes = {"mcp-", "git-", "github-"};
// Left out of a provider's name that it does not say itself.
constexpr std::string_view kLlmPrefix = "llm.";

bool is_foreign(std::string_view name) noexcept {
  return std::find(kForeignTypes.begin(), kForeignTypes.end(), name) != kForeignTypes.end() ||
         std::any_of(kForeignPrefixes.begin(), kForeignPrefixes.end(), [&](auto p) { return name.starts_with(p); });
}

}  // namespace

Registry::Registry(Options options) : options_(std::move(options)), places_(plugin_places(options_.search, notes_)) {}

Registry::~Registry() {
  for (auto& [index, plugin] : opened_) {
    if (plugin) Plugin::retire(std::move(*plugin));
  }
}

void Registry::look() {
  if (looked_) return;
  looked_ = true;
  std::vector<std::size_t> candidates;
  TrustChecks trust;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    // Files named one by one stand in one place together.
    look_at(places_[i], places_[i].is_file ? 0 : i, trust, candidates);
  }
  ScanCache cache(options_.cache_folder);
  std::vector<std::size_t> to_scan;
  std::vector<fs::path> paths;
  for (const std::size_t i : candidates) {
    PluginRecord& record = records_[i];
    std::optional<ScanResult> known = cache.find(record.path, record.file);
    if (known && !(known->error && options_.rescan_failed)) {
      record.remembered = true;
      use_scan(record, std::move(*known));
    } else if (Result<void> image = check_image(record.path); !image) {
      record.error = std::move(image).error();
    } else {
      to_scan.push_back(i);
      paths.push_back(record.path);
    }
  }
  if (!paths.empty()) {
    std::vector<ScanResult> fresh = Scanner(options_.scanner).scan(paths);
    for (std::size_t k = 0; k < fresh.size(); ++k) {
      PluginRecord& record = records_[to_scan[k]];
      if (fresh[k].may_pass) {
        cache.forget(record.path);
      } else {
        cache.remember(record.path, record.file, fresh[k]);
      }
      use_scan(record, std::move(fresh[k]));
    }
    cache.save();
  }
  offer_types();
}

void Registry::use_scan(PluginRecord& record, ScanResult scan) {
  record.error = std::move(scan.error);
  record.id = std::move(scan.id);
  record.version = std::move(scan.version);
  record.abi_minor = scan.abi_minor;
  record.types = std::move(scan.types);
  if (scan.extra_export_count == 0) return;
  record.notes.push_back(
      fmt::format("exports {} more name{} than pflow_plugin_v1 ({}{}): link it with the SDK's version script",
                  scan.extra_export_count, scan.extra_export_count == 1 ? "" : "s", fmt::join(scan.extra_exports, ", "),
                  scan.extra_export_count > scan.extra_exports.size() ? ", ..." : ""));
}

void Registry::look_at(const PluginPlace& place, std::size_t rank, TrustChecks& trust,
                       std::vector<std::size_t>& candidates) {
  std::error_code ec;
  // A folder is made canonical once; what lies in it then is, unless it is a link.
  const fs::path folder = place.is_file ? fs::path() : fs::canonical(place.path, ec);
  if (ec) return;
  for (const fs::path& file : place.is_file ? std::vector{place.path} : plugin_files_in(folder)) {
    PluginRecord record;
    record.origin = place.origin;
    record.rank = rank;
    record.path = place.is_file || fs::is_symlink(file, ec) ? fs::canonical(file, ec) : file;
    if (ec) {
      record.path = file;
      record.error = refused_plugin(file, ec == std::errc::no_such_file_or_directory ? "does not exist" : ec.message());
      records_.push_back(std::move(record));
      continue;
    }
    Result<FileIdentity> identity = trust.check(record.path);
    if (identity) {
      record.file = *identity;
      const auto twin = std::find_if(records_.begin(), records_.end(),
                                     [&](const PluginRecord& r) { return !r.error && r.file.same_file(*identity); });
      if (twin != records_.end()) continue;  // the same file by another path: one plugin
      candidates.push_back(records_.size());
    } else {
      record.error = std::move(identity).error();
    }
    records_.push_back(std::move(record));
  }
}

void Registry::offer_types() {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    PluginRecord& record = records_[i];
    if (record.error) continue;
    for (std::size_t t = 0; t < record.types.size(); ++t) {
      const std::string& name = record.types[t].name;
      const auto [it, added] = offers_.try_emplace(name);
      if (added) {
        it->second.record = i;
        it->second.type = t;
        continue;
      }
      record.shadowed.push_back(name);
      if (records_[it->second.record].rank == record.rank) it->second.rivals.push_back(i);
    }
  }
}

Result<const NodeType*> Registry::find(std::string_view type_name) {
  if (type_name == kWorkflowType) return &workflow_node_type();
  look();
  const auto it = offers_.find(std::string(type_name));
  if (it == offers_.end()) return unknown_type(type_name);
  Offer& offer = it->second;
  const PluginRecord& record = records_[offer.record];
  if (!offer.rivals.empty()) {
    Error e;
    e.code = Code::kAmbiguousNodeType;
    e.message = fmt::format("node type \"{}\" is offered by two plugins in one place", type_name);
    e.hint = record.path.string();
    for (const std::size_t rival : offer.rivals)
      e.hint += "\n" + records_[rival].path.string();
    e.hint += "\nRemove one of them, or name the one you want with --plugin.";
    return e;
  }
  if (!offer.described) {
    const OfferedType& offered = record.types[offer.type];
    Result<NodeType> described = read_descriptor(offered.descriptor_json);
    if (!described) {
      Error e = std::move(described).error();
      e.where = record.path.string();
      return e;
    }
    offer.described = std::make_unique<NodeType>(std::move(described).value());
    offer.described->name = offered.name;
    offer.described->version = offered.version;
    offer.described->plugin_id = record.id;
    offer.described->plugin_path = record.path.string();
    offer.described->concurrent = (offered.flags & PFLOW_NODE_CONCURRENT) != 0;
    offer.described->nonblocking = (offered.flags & PFLOW_NODE_NONBLOCKING) != 0;
    offer.described->max_concurrency = offered.max_concurrency;
    if (auto& provider = offer.described->provider; provider && provider->name.empty()) {
      const bool prefixed = offered.name.size() > kLlmPrefix.size() && offered.name.starts_with(kLlmPrefix);
      provider->name = prefixed ? offered.name.substr(kLlmPrefix.size()) : offered.name;
    }
  }
  return offer.described.get();
}

Error Registry::unknown_type(std::string_view type_name) {
  Error e;
  e.code = Code::kUnknownNodeType;
  if (is_foreign(type_name)) {
    e.message = fmt::format("node type \"{}\" is one of pflow's that pflow-host does not ship", type_name);
    e.hint = "Use a shell node for it, or a plugin that offers it (--plugin FILE). ";
  } else {
    e.message = fmt::format("unknown node type \"{}\"", type_name);
  }
  e.hint += did_you_mean(type_name, type_names(), "Node types");
  e.hint += refusals();
  return e;
}

std::string Registry::refusals() {
  look();
  std::string text;
  constexpr std::size_t kShown = 5;
  std::size_t count = 0;
  for (const PluginRecord& r : records_) {
    if (!r.error) continue;
    if (++count <= kShown) text += fmt::format("\nNot used: {} {}.", r.path.string(), r.error->message);
  }
  const bool remembered =
      std::any_of(records_.begin(), records_.end(), [](const PluginRecord& r) { return r.error && r.remembered; });
  if (remembered) text += "\nSome of this is remembered from an earlier look: pflow-host plugins looks again.";
  if (count > kShown) text += fmt::format("\n{} more files were not used: see pflow-host plugins.", count - kShown);
  return text;
}

Result<std::unique_ptr<Plugin>> Registry::open_unchanged(const PluginRecord& record) const {
  Result<std::unique_ptr<Plugin>> plugin = Plugin::open(record.path, {options_.events, options_.services});
  const auto refuse = [&](std::string message, std::string hint) {
    if (plugin) Plugin::retire(std::move(*plugin));
    return refused_plugin(record.path, std::move(message), std::move(hint));
  };
  const Result<FileIdentity> now = check_trust(record.path);
  if (!now || !(*now == record.file)) return refuse("was replaced while it was being loaded", "");
  if (!plugin) return plugin;
  const auto same = [](const OfferedType& a, const OfferedType& b) {
    return a.name == b.name && a.flags == b.flags && a.max_concurrency == b.max_concurrency &&
           a.descriptor_json == b.descriptor_json;
  };
  const std::vector<OfferedType>& live = (*plugin)->offers();
  if (std::equal(live.begin(), live.end(), record.types.begin(), record.types.end(), same)) return plugin;
  // Either the cache tells what is not so, or the plugin tells something else each time.
  ScanCache cache(options_.cache_folder);
  cache.forget(record.path);
  cache.save();
  return refuse(record.remembered ? "was described differently in the cache"
                                  : "described itself differently when it was looked at",
                record.remembered ? "It is looked at again by the next run." : "");
}

Result<Plugin*> Registry::opened(std::size_t index) {
  auto it = opened_.find(index);
  if (it == opened_.end()) it = opened_.emplace(index, open_unchanged(records_[index])).first;
  if (!it->second) return it->second.error();
  return it->second->get();
}

Result<std::unique_ptr<Node>> Registry::create(const NodeType& type, const Value& params) {
  const auto it = offers_.find(type.name);
  if (it == offers_.end() || it->second.described.get() != &type) return unknown_type(type.name);
  Result<Plugin*> plugin = opened(it->second.record);
  if (!plugin) {
    Error e = std::move(plugin).error();
    e.message = fmt::format("plugin {} {}", e.where, e.message);
    return e;
  }
  const pflow_node_type* table = (*plugin)->table(type.name);
  if (table == nullptr) return refused_plugin((*plugin)->path(), fmt::format("no longer offers \"{}\"", type.name));
  // Opened before the run, it is on no node's clock. What is wrong with it is told to who sends a request.
  if (type.uses_http && options_.services.http != nullptr) static_cast<void>(options_.services.http->client());
  return std::unique_ptr<Node>(std::make_unique<PluginNode>(**plugin, *table, type, params));
}

const std::vector<PluginRecord>& Registry::plugins() {
  look();
  return records_;
}

std::vector<std::string_view> Registry::type_names() {
  look();
  std::vector<std::string_view> names{kWorkflowType};
  for (const auto& [name, offer] : offers_) {
    if (name != kWorkflowType) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string_view> Registry::provider_types() {
  look();
  std::vector<std::string_view> names;
  for (const auto& [name, offer] : offers_) {
    // Most types are none: their descriptors need no reading to be told apart.
    const std::string& descriptor = records_[offer.record].types[offer.type].descriptor_json;
    if (descriptor.find("\"implements\"") != std::string::npos) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Registry::close() noexcept {
  for (auto& [index, plugin] : opened_) {
    if (plugin) (*plugin)->close();
  }
}

}  // namespace pflow::host
