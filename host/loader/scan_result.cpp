#include "host/loader/scan_result.hpp"

#include <fmt/format.h>

#include "core/base/object_builder.hpp"
#include "host/loader/descriptor.hpp"

namespace pflow::host {
namespace {

namespace key {
constexpr std::string_view kError = "error";
constexpr std::string_view kCode = "code";
constexpr std::string_view kMessage = "message";
constexpr std::string_view kWhere = "where";
constexpr std::string_view kHint = "hint";
constexpr std::string_view kMayPass = "may_pass";
constexpr std::string_view kId = "id";
constexpr std::string_view kVersion = "version";
constexpr std::string_view kAbiMinor = "abi_minor";
constexpr std::string_view kTypes = "types";
constexpr std::string_view kName = "name";
constexpr std::string_view kFlags = "flags";
constexpr std::string_view kMaxConcurrency = "max_concurrency";
constexpr std::string_view kDescriptor = "descriptor";
constexpr std::string_view kExtraExports = "extra_exports";
constexpr std::string_view kExtraExportCount = "extra_export_count";
}  // namespace key

constexpr std::size_t kShownExports = 8;

std::string text(const Value& object, std::string_view name) {
  const Value* v = object.find(name);
  return v != nullptr && v->is_string() ? std::string(v->text()) : std::string();
}

std::int64_t integer(const Value& object, std::string_view name) {
  const Value* v = object.find(name);
  return v != nullptr && v->type() == Value::Type::kInt ? v->as_int() : 0;
}

}  // namespace

Value scan_to_value(const ScanResult& scan) {
  ObjectBuilder m;
  if (scan.error) {
    ObjectBuilder e;
    e.add(key::kCode, code_name(scan.error->code));
    e.add(key::kMessage, scan.error->message);
    e.add(key::kWhere, scan.error->where);
    e.add(key::kHint, scan.error->hint);
    m.add(key::kError, e.finish());
    m.add(key::kMayPass, Value::boolean(scan.may_pass));
    return m.finish();
  }
  m.add(key::kId, scan.id);
  m.add(key::kVersion, scan.version);
  m.add(key::kAbiMinor, Value::integer(std::int64_t{scan.abi_minor}));
  std::vector<Value> types;
  for (const OfferedType& type : scan.types) {
    ObjectBuilder t;
    t.add(key::kName, type.name);
    t.add(key::kVersion, type.version);
    t.add(key::kFlags, Value::integer(std::int64_t{type.flags}));
    t.add(key::kMaxConcurrency, Value::integer(std::int64_t{type.max_concurrency}));
    t.add(key::kDescriptor, type.descriptor_json);
    types.push_back(t.finish());
  }
  m.add(key::kTypes, Value::array(types));
  std::vector<Value> exports;
  for (const std::string& name : scan.extra_exports)
    exports.push_back(Value::string(name));
  m.add(key::kExtraExports, Value::array(exports));
  m.add(key::kExtraExportCount, Value::integer(static_cast<std::int64_t>(scan.extra_export_count)));
  return m.finish();
}

std::optional<ScanResult> scan_from_value(const Value& v) {
  ScanResult scan;
  if (const Value* e = v.find(key::kError)) {
    Error error;
    error.code = text(*e, key::kCode) == code_name(Code::kPluginRefused) ? Code::kPluginRefused : Code::kPluginBroken;
    error.message = text(*e, key::kMessage);
    error.where = text(*e, key::kWhere);
    error.hint = text(*e, key::kHint);
    scan.error = std::move(error);
    const Value* may_pass = v.find(key::kMayPass);
    scan.may_pass = may_pass != nullptr && may_pass->type() == Value::Type::kBool && may_pass->as_bool();
    return scan;
  }
  const Value* types = v.find(key::kTypes);
  if (types == nullptr || !types->is_array()) return std::nullopt;
  scan.id = text(v, key::kId);
  scan.version = text(v, key::kVersion);
  scan.abi_minor = static_cast<unsigned>(integer(v, key::kAbiMinor));
  for (const Value& t : types->items()) {
    scan.types.push_back({text(t, key::kName), text(t, key::kVersion),
                          static_cast<std::uint32_t>(integer(t, key::kFlags)),
                          static_cast<std::uint32_t>(integer(t, key::kMaxConcurrency)), text(t, key::kDescriptor)});
  }
  if (const Value* exports = v.find(key::kExtraExports); exports != nullptr && exports->is_array()) {
    for (const Value& name : exports->items()) {
      if (name.is_string()) scan.extra_exports.emplace_back(name.text());
    }
  }
  scan.extra_export_count = static_cast<std::size_t>(integer(v, key::kExtraExportCount));
  return scan;
}

ScanResult scan_plugin(const std::filesystem::path& canonical_path) {
  ScanResult scan;
  OpenStep failed_at = OpenStep::kLoad;
  Result<std::unique_ptr<Plugin>> opened = Plugin::open(canonical_path, {}, &failed_at);
  if (!opened) {
    scan.error = std::move(opened).error();
    scan.may_pass = failed_at == OpenStep::kLoad;  // a library that it needs may come
    return scan;
  }
  const Plugin& plugin = **opened;
  for (const OfferedType& type : plugin.offers()) {
    Result<NodeType> described = read_descriptor(type.descriptor_json);
    if (described) continue;
    Error e = std::move(described).error();
    e.message = fmt::format("describes the node type \"{}\" wrongly: {}", type.name, e.message);
    e.hint = e.where.empty() ? "" : fmt::format("Place in the descriptor: {}.", e.where);
    e.where = canonical_path.string();
    scan.error = std::move(e);
    Plugin::retire(std::move(*opened));
    return scan;
  }
  scan.id = plugin.id();
  scan.version = plugin.version();
  scan.abi_minor = plugin.abi_minor();
  scan.types = plugin.offers();
  scan.extra_exports = plugin.extra_exports();
  scan.extra_export_count = scan.extra_exports.size();
  if (scan.extra_exports.size() > kShownExports) scan.extra_exports.resize(kShownExports);
  Plugin::retire(std::move(*opened));
  return scan;
}

}  // namespace pflow::host
