#include "host/loader/plugin.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <exception>

#include <boost/dll/shared_library.hpp>

#include "core/base/utf8.hpp"
#include "host/loader/plugin_call.hpp"
#include "host/loader/plugin_error.hpp"
#include "host/loader/plugin_exports.hpp"
#include "host/loader/plugin_file.hpp"
#include "host/loader/plugin_guard.hpp"

namespace pflow::host {
namespace {

constexpr const char* kEntrySymbol = "pflow_plugin_v1";
constexpr std::size_t kMaxTypes = 1024;
constexpr std::size_t kMaxNameBytes = 128;
// What ABI 1.0 has of it, whatever later minors append.
constexpr std::size_t kFactorySize10 = offsetof(pflow_node_factory, at) + sizeof(void*);

// What the draft of the contract calls a name: a letter, then letters, digits and . _ -
bool is_type_name(std::string_view s) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !s.empty() && s.size() <= kMaxNameBytes && letter(s.front()) && std::all_of(s.begin(), s.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

class Plugin::Library {
 public:
  boost::dll::shared_library handle;
};

Plugin::Plugin(std::filesystem::path path, const Surroundings& surroundings)
    : path_(std::move(path)), events_(surroundings.events), services_(surroundings.services) {
  fill_host_table(host_, *this);
}

// The library stays mapped: the handle is closed, RTLD_NODELETE keeps the code.
Plugin::~Plugin() = default;

Error Plugin::broken(std::string message, std::string hint) const {
  return plugin_error(Code::kPluginBroken, path_, std::move(message), std::move(hint));
}

Error Plugin::threw(std::string_view function, std::string_view what) const {
  return broken(fmt::format("threw in {}{}{}", function, what.empty() ? "" : ": ", what));
}

Result<std::unique_ptr<Plugin>> Plugin::open(const std::filesystem::path& canonical_path,
                                             const Surroundings& surroundings, OpenStep* failed_at) {
  static std::mutex loading;
  const std::lock_guard lock(loading);
  std::unique_ptr<Plugin> plugin(new Plugin(canonical_path, surroundings));
  constexpr std::pair<OpenStep, Result<void> (Plugin::*)()> kSteps[] = {{OpenStep::kLoad, &Plugin::load},
                                                                        {OpenStep::kCheckEntry, &Plugin::check_entry},
                                                                        {OpenStep::kInitialise, &Plugin::initialise},
                                                                        {OpenStep::kReadOffers, &Plugin::read_offers}};
  for (const auto& [name, step] : kSteps) {
    if (Result<void> r = (plugin.get()->*step)(); !r) {
      if (failed_at != nullptr) *failed_at = name;
      Error e = std::move(r).error();
      retire(std::move(plugin));
      return e;
    }
  }
  return plugin;
}

Result<void> Plugin::load() {
  library_ = std::make_unique<Library>();
  // Boost.DLL hands the bits to dlopen as they are; NODELETE has no name there.
  const auto flags = static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  boost::dll::fs::error_code ec;
  library_->handle.load(path_, ec, flags);
  if (!ec) return {};
  const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps one a thread
  std::string reason = why != nullptr ? printable(why, 4096) : ec.message();
  std::string hint;
  if (reason.find("GLIBC") != std::string::npos || reason.find("CXXABI") != std::string::npos) {
    hint = "It was built on a newer system: build it on this one, or on an older one.";
  } else if (reason.find("static TLS") != std::string::npos) {
    hint = "It needs static thread-local storage: do not link it with an allocator or with initial-exec TLS.";
  }
  return broken(fmt::format("cannot be loaded: {}", reason), hint);
}

Result<void> Plugin::check_entry() {
  if (!library_->handle.has(kEntrySymbol)) {
    for (unsigned major = 2; major < 10; ++major) {
      if (library_->handle.has(fmt::format("pflow_plugin_v{}", major))) return check_abi(path_, major, 0, 0);
    }
    Error e = broken(fmt::format("is a shared library, but no plugin: it does not export {}", kEntrySymbol));
    e.code = Code::kPluginRefused;
    return e;
  }
  entry_ = &library_->handle.get<const pflow_plugin_entry>(kEntrySymbol);
  if (entry_->magic != PFLOW_ENTRY_MAGIC) {
    return broken(fmt::format("has an entry that does not begin with the plugin magic (0x{:08x}, not 0x{:08x})",
                              entry_->magic, PFLOW_ENTRY_MAGIC),
                  "Define the entry with the SDK's header.");
  }
  if (entry_->struct_size < PFLOW_ENTRY_SIZE_1_0) {
    return broken(
        fmt::format("has an entry of {} bytes, and ABI 1.0 has {}", entry_->struct_size, PFLOW_ENTRY_SIZE_1_0));
  }
  if (Result<void> r = check_abi(path_, entry_->abi_major, entry_->abi_minor, entry_->min_host_minor); !r) return r;
  if (entry_->get_factory == nullptr) return broken("has an entry without get_factory");
  id_ = printable(view(entry_->id), kMaxNameBytes);
  version_ = printable(view(entry_->version), kMaxNameBytes);
  abi_minor_ = entry_->abi_minor;
  return {};
}

Result<void> Plugin::initialise() {
  if (entry_->init == nullptr) {
    initialised_ = true;
    return {};
  }
  const Value settings = Value::object({});
  const SetupCall setup(*this, nullptr, settings);
  pflow_status status = PFLOW_E_INTERNAL;
  if (const Thrown thrown = call_plugin(status, entry_->init, &host_, &*setup)) return threw("init", *thrown);
  if (const std::optional<Failure> failure = setup_failure(*setup, status))
    return broken(fmt::format("could not be initialised: {}", failure->message));
  initialised_ = true;
  return {};
}

Result<void> Plugin::read_offers() {
  const void* found = nullptr;
  if (const Thrown t = call_plugin(found, entry_->get_factory, PFLOW_FACTORY_NODES)) return threw("get_factory", *t);
  const auto* factory = static_cast<const pflow_node_factory*>(found);
  if (factory == nullptr) return broken(fmt::format("offers no \"{}\"", PFLOW_FACTORY_NODES));
  if (factory->struct_size < kFactorySize10 || factory->count == nullptr || factory->at == nullptr) {
    return broken("has an incomplete node factory");
  }
  std::size_t count = 0;
  if (const Thrown thrown = call_plugin(count, factory->count)) return threw("count", *thrown);
  if (count > kMaxTypes)
    return broken(fmt::format("claims to offer {} node types; at most {} are read", count, kMaxTypes));
  for (std::size_t i = 0; i < count; ++i) {
    const pflow_node_type* type = nullptr;
    if (const Thrown thrown = call_plugin(type, factory->at, i)) return threw("at", *thrown);
    if (type == nullptr) return broken(fmt::format("claims to offer {} node types, but number {} is NULL", count, i));
    if (type->struct_size < PFLOW_NODE_TYPE_SIZE_1_0) {
      return broken(fmt::format("describes node type number {} with a struct of {} bytes, and ABI 1.0 has {}", i,
                                type->struct_size, PFLOW_NODE_TYPE_SIZE_1_0));
    }
    const std::string name(view(type->type_name).substr(0, kMaxNameBytes + 1));
    if (!is_type_name(name)) {
      return broken(fmt::format("offers a node type with an unusable name: \"{}\"", printable(name, kMaxNameBytes)));
    }
    if (type->run == nullptr) return broken(fmt::format("offers the node type \"{}\" without a run function", name));
    if (table(name) != nullptr) return broken(fmt::format("offers the node type \"{}\" twice", name));
    offers_.push_back({name, printable(view(type->version), kMaxNameBytes), type->flags, type->max_concurrency,
                       std::string(view(type->descriptor_json))});
    tables_.push_back(type);
  }
  return {};
}

const pflow_node_type* Plugin::table(std::string_view type_name) const noexcept {
  for (std::size_t i = 0; i < offers_.size(); ++i) {
    if (offers_[i].name == type_name) return tables_[i];
  }
  return nullptr;
}

std::vector<std::string> Plugin::extra_exports() const {
  std::vector<std::string> names = exported_names(library_->handle.native());
  std::erase(names, kEntrySymbol);
  return names;
}

void Plugin::close() noexcept {
  if (initialised_ && entry_->deinit != nullptr) {
    if (const Thrown thrown = call_plugin(entry_->deinit)) late_fault("threw in deinit", *thrown);
  }
  initialised_ = false;
  events_.store(nullptr);
}

void Plugin::late_fault(std::string_view what, std::string_view detail) const noexcept {
  CallEvents* const listener = events();
  if (listener == nullptr) return;
  try {
    listener->late_fault(fmt::format("plugin {} {}{}{}", path_.string(), what, detail.empty() ? "" : ": ", detail));
  } catch (const std::exception&) {
    return;  // no memory to say so
  }
}

void Plugin::retire(std::unique_ptr<Plugin> plugin) {
  static std::mutex mutex;
  static auto* all = new std::vector<std::unique_ptr<Plugin>>;
  plugin->events_.store(nullptr);
  const std::lock_guard lock(mutex);
  all->push_back(std::move(plugin));
}

}  // namespace pflow::host
