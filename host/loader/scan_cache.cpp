#include "host/loader/scan_cache.hpp"

#include <fmt/format.h>

#include "pflow/plugin.h"

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "host/files/file_content.hpp"
#include "host/loader/private_file.hpp"

namespace pflow::host {
namespace {

namespace key {
constexpr std::string_view kWrittenBy = "written_by";
constexpr std::string_view kPlugins = "plugins";
constexpr std::string_view kPath = "path";
constexpr std::string_view kFile = "file";
constexpr std::string_view kScan = "scan";
}  // namespace key

constexpr std::size_t kMaxEntries = 1000;
constexpr std::size_t kMaxBytes = std::size_t{64} * 1024 * 1024;

// Another version may see other faults, so it looks for itself.
std::string written_by() {
  return fmt::format("pflow-host {} abi {}.{}", PFLOW_VERSION, PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR);
}

Value identity_value(const FileIdentity& id) {
  std::vector<Value> v{Value::integer(id.device), Value::integer(id.inode), Value::integer(id.size),
                       Value::integer(id.modified_ns), Value::integer(id.changed_ns)};
  return Value::array(v);
}

}  // namespace

ScanCache::ScanCache(std::filesystem::path folder) : folder_(std::move(folder)) {
  if (!folder_.empty()) load();
}

void ScanCache::load() {
  // What it says of a plugin is believed, so who else could write it must not be.
  const std::optional<std::string> text = read_private_file(folder_ / "plugins.json", kMaxBytes);
  if (!text) return;
  const Result<Value> read = read_json(*text, "cache");
  if (!read) return;
  const Value* by = read->find(key::kWrittenBy);
  const Value* plugins = read->find(key::kPlugins);
  if (by == nullptr || !by->is_string() || by->text() != written_by() || plugins == nullptr || !plugins->is_array())
    return;
  for (const Value& p : plugins->items()) {
    const Value* path = p.find(key::kPath);
    const Value* id = p.find(key::kFile);
    const Value* scan = p.find(key::kScan);
    if (path == nullptr || !path->is_string() || id == nullptr || !id->is_array() || id->size() != 5 ||
        scan == nullptr) {
      continue;
    }
    const auto number = [&](std::size_t i) -> std::uint64_t {
      const Value& n = id->items()[i];
      return n.type() == Value::Type::kUint ? n.as_uint() : n.is_integer() ? static_cast<std::uint64_t>(n.as_int()) : 0;
    };
    Entry entry;
    entry.id = {number(0), number(1), number(2), static_cast<std::int64_t>(number(3)),
                static_cast<std::int64_t>(number(4))};
    entry.scan = *scan;
    entries_.emplace(path->text(), std::move(entry));
  }
}

std::optional<ScanResult> ScanCache::find(const std::filesystem::path& path, const FileIdentity& id) const {
  const auto it = entries_.find(path.string());
  if (it == entries_.end() || it->second.id != id) return std::nullopt;
  return scan_from_value(it->second.scan);
}

void ScanCache::remember(const std::filesystem::path& path, const FileIdentity& id, const ScanResult& scan) {
  if (folder_.empty()) return;
  if (entries_.size() >= kMaxEntries) entries_.clear();
  entries_[path.string()] = {id, scan_to_value(scan)};
  changed_ = true;
}

void ScanCache::forget(const std::filesystem::path& path) {
  if (entries_.erase(path.string()) != 0) changed_ = true;
}

void ScanCache::save() {
  if (!changed_) return;
  changed_ = false;
  std::vector<Value> plugins;
  for (const auto& [path, entry] : entries_) {
    plugins.push_back(ObjectBuilder()
                          .add(key::kPath, path)
                          .add(key::kFile, identity_value(entry.id))
                          .add(key::kScan, entry.scan)
                          .finish());
  }
  ObjectBuilder root;
  root.add(key::kWrittenBy, written_by()).add(key::kPlugins, Value::array(plugins));
  std::error_code ec;
  std::filesystem::create_directories(folder_, ec);
  // A cache that cannot be written is done without: the next run looks again.
  static_cast<void>(replace_file(folder_ / "plugins.json", to_json(root.finish())));
}

}  // namespace pflow::host
