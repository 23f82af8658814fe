#include "host/loader/scan_result.hpp"

#include <fmt/format.h>

#include "host/loader/descriptor.hpp"

namespace pflow::host {
namespace {

namespace key {
constexpr std::string_view kError = "error";
constexpr std::string_view kCode = "code";
constexpr std::string_view kMessage = "message";
constexpr std::string_view kWhere = "where";
constexpr std::string_view kHint = "hint";
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

void put(std::vector<Member>& members, std::string_view name, Value v) {
  members.push_back({Value::string(name), std::move(v)});
}

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
  std::vector<Member> m;
  if (scan.error) {
    std::vector<Member> e;
    put(e, key::kCode, Value::string(code_name(scan.error->code)));
    put(e, key::kMessage, Value::string(scan.error->message));
    put(e, key::kWhere, Value::string(scan.error->where));
    put(e, key::kHint, Value::string(scan.error->hint));
    put(m, key::kError, Value::object(e));
    return Value::object(m);
  }
  put(m, key::kId, Value::string(scan.id));
  put(m, key::kVersion, Value::string(scan.version));
  put(m, key::kAbiMinor, Value::integer(std::int64_t{scan.abi_minor}));
  std::vector<Value> types;
  for (const OfferedType& type : scan.types) {
    std::vector<Member> t;
    put(t, key::kName, Value::string(type.name));
    put(t, key::kVersion, Value::string(type.version));
    put(t, key::kFlags, Value::integer(std::int64_t{type.flags}));
    put(t, key::kMaxConcurrency, Value::integer(std::int64_t{type.max_concurrency}));
    put(t, key::kDescriptor, Value::string(type.descriptor_json));
    types.push_back(Value::object(t));
  }
  put(m, key::kTypes, Value::array(types));
  std::vector<Value> exports;
  for (const std::string& name : scan.extra_exports)
    exports.push_back(Value::string(name));
  put(m, key::kExtraExports, Value::array(exports));
  put(m, key::kExtraExportCount, Value::integer(static_cast<std::int64_t>(scan.extra_export_count)));
  return Value::object(m);
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
  Result<std::unique_ptr<Plugin>> opened = Plugin::open(canonical_path, nullptr);
  if (!opened) {
    scan.error = std::move(opened).error();
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
