#include "host/cli/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/json_pointer.hpp"
#include "core/base/json_read.hpp"
#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/base/wording.hpp"
#include "host/files/file_content.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = std::size_t{1} * 1024 * 1024;

namespace key {
constexpr std::string_view kKeys = "keys";
constexpr std::string_view kEnv = "env";
constexpr std::string_view kLlm = "llm";
constexpr std::string_view kDefaultProvider = "default_provider";
constexpr std::string_view kDefaultModel = "default_model";
}  // namespace key

// Reads one document; stops at the first thing that is not of its form.
class Reader {
 public:
  Reader(Settings& settings, Problems& warnings) : settings_(settings), warnings_(warnings) {}

  Result<void> read(const Value& root) {
    if (!root.is_object()) return wrong("settings", "an object", root, "");
    if (Result<void> r = texts(root, key::kKeys, "", settings_.keys); !r) return r;
    if (Result<void> r = texts(root, key::kEnv, "", settings_.variables); !r) return r;
    const Value* llm = root.find(key::kLlm);
    if (llm == nullptr || llm->is_null()) return {};
    const std::string pointer = pointer_to("", key::kLlm);
    if (!llm->is_object()) return wrong(key::kLlm, "an object", *llm, pointer);
    if (Result<void> r = texts(*llm, key::kKeys, pointer, settings_.keys); !r) return r;
    if (Result<void> r = text(*llm, key::kDefaultProvider, pointer, settings_.default_provider); !r) return r;
    if (Result<void> r = text(*llm, key::kDefaultModel, pointer, settings_.default_model); !r) return r;
    warn_of_unknown(*llm, pointer);
    return {};
  }

 private:
  [[nodiscard]] std::string place(std::string_view pointer) const {
    return pointer.empty() ? settings_.path : fmt::format("{}: {}", settings_.path, pointer);
  }

  [[nodiscard]] Error wrong(std::string_view what, std::string_view expected, const Value& got,
                            std::string_view pointer) const {
    Error e;
    e.code = Code::kWrongType;
    e.message = fmt::format("\"{}\" must be {}, not {}", printable(what, 80), expected, with_article(type_name(got)));
    e.where = place(pointer);
    return e;
  }

  Result<void> text(const Value& object, std::string_view name, std::string_view pointer, std::string& into) const {
    const Value* v = object.find(name);
    if (v == nullptr || v->is_null()) return {};
    if (!v->is_string()) return wrong(name, "a string", *v, pointer_to(pointer, name));
    into = v->text();
    return {};
  }

  // An object of texts; what stands there already counts.
  Result<void> texts(const Value& object, std::string_view name, std::string_view pointer,
                     Settings::Named& into) const {
    const Value* v = object.find(name);
    if (v == nullptr || v->is_null()) return {};
    const std::string here = pointer_to(pointer, name);
    if (!v->is_object()) return wrong(name, "an object", *v, here);
    for (const Member& m : v->members()) {
      if (m.value.is_null()) continue;
      if (!m.value.is_string()) return wrong(m.name(), "a string", m.value, pointer_to(here, m.name()));
      if (m.value.size() != 0 && Settings::find(into, m.name()) == nullptr) into.emplace_back(m.name(), m.value.text());
    }
    return {};
  }

  void warn_of_unknown(const Value& llm, std::string_view pointer) {
    const std::vector<std::string_view> known{key::kDefaultProvider, key::kDefaultModel, key::kKeys};
    for (const Member& m : llm.members()) {
      if (std::find(known.begin(), known.end(), m.name()) != known.end()) continue;
      Error e;
      e.code = Code::kUnknownKey;
      e.message = fmt::format("\"{}\" is no setting of llm", printable(m.name(), 80));
      e.where = place(pointer_to(pointer, m.name()));
      e.hint = did_you_mean(m.name(), known, "Settings");
      warnings_.push_back(std::move(e));
      if (warnings_.size() > 20) return;
    }
  }

  Settings& settings_;
  Problems& warnings_;
};

void warn_of_readers(const fs::path& path, Problems& warnings) {
  std::error_code ec;
  const fs::perms perms = fs::status(path, ec).permissions();
  constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;
  if (ec || (perms & kOthers) == fs::perms::none) return;
  Error e;
  e.code = Code::kUnsupported;
  e.message = "the settings hold keys, and other users may read or change them";
  e.where = path.string();
  e.hint = fmt::format("chmod 600 '{}'", path.string());
  warnings.push_back(std::move(e));
}

}  // namespace

const std::string* Settings::find(const Named& list, std::string_view name) noexcept {
  const auto it = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.first == name; });
  return it == list.end() ? nullptr : &it->second;
}

Result<Settings> read_settings(const fs::path& home, Problems& warnings) {
  Settings settings;
  if (home.empty()) {
    settings.path = "settings.json";
    return settings;
  }
  const fs::path path = home / "settings.json";
  settings.path = path.string();
  std::error_code ec;
  const fs::file_status status = fs::status(path, ec);
  // A home that is a file or that cannot be entered is told by who needs it; without it there are no settings.
  if (!fs::exists(status)) return settings;
  if (!fs::is_regular_file(status)) {
    Error e;
    e.code = Code::kUnreadable;
    e.message = "the settings are no regular file";
    e.where = settings.path;
    return e;
  }
  const Result<std::string> text = read_file(settings.path, kMaxBytes);
  if (!text) return text.error();
  const Result<Value> root = read_json(*text, settings.path);
  if (!root) {
    Error e = root.error();
    e.message = fmt::format("the settings cannot be read: {}", e.message);
    return e;
  }
  if (Result<void> r = Reader(settings, warnings).read(*root); !r) return std::move(r).error();
  if (!settings.keys.empty()) warn_of_readers(path, warnings);
  return settings;
}

}  // namespace pflow::host
