#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"
#include "core/template/resolver.hpp"

namespace {

using namespace pflow;

// "fetch" has run, "later" has not; "ask" reads.
struct Stage {
  Stage() : names(make_names()), store(names) {
    store.set_input(0, Value::string("Oslo"));
    store.set_input(1, read_json(R"({"list": [1, [2, null], {"k": "v"}], "text": "{\"in\": [true]}"})", "").value());
    const Scope fetch = Scope::root_of(store).narrowed(0);
    fetch.commit("body", Value::string(R"({"title": "News", "items": [{"id": 1}], "again": "[{\"x\": \"y\"}]"})"));
    fetch.commit("raw", Value::bytes("\xFF\xC3"));
    fetch.commit("ratio", Value::number(0.1));
    store.mark_run(0);
  }

  static StoreNames make_names() {
    StoreNames names;
    names.nodes = {"fetch", "ask", "later"};
    names.inputs = {"city", "config"};
    names.index();
    return names;
  }

  StoreNames names;
  SharedStore store;
};

// Text when it is UTF-8, else bytes; or the JSON that the input is.
Value params_of(std::string_view text) {
  if (looks_like_json_container(text)) {
    Result<Value> v = read_json(text, "fuzz");
    if (v) return std::move(v).value();
  }
  TextBuilder builder(text.size());
  builder.append(text);
  return builder.finish();
}

void check_text(const Value& v) {
  if (v.is_string() && !is_utf8(v.text())) std::abort();
  if (v.is_array()) {
    for (const Value& item : v.items())
      check_text(item);
  } else if (v.is_object()) {
    for (const Member& m : v.members())
      check_text(m.value);
  }
}

}  // namespace

// Whatever is written as a parameter resolves, or fails with words and a place; permissive never fails; and names that
// were bound beforehand mean the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Stage stage;
  const Value params = params_of({reinterpret_cast<const char*>(data), size});
  ParamTemplate t = ParamTemplate::parse(params);
  const Scope scope = Scope::root_of(stage.store).narrowed(1);

  std::size_t uses = 0;
  t.for_each_use("", [&](const TemplateUse& use) {
    ++uses;
    if (!parse_path(use.path->text)) std::abort();
  });
  if ((uses == 0) != t.is_constant()) std::abort();

  TemplateResolver strict(OnMissing::kFail);
  const Result<Value> filled = strict.resolve(t, scope, "/p");
  TemplateResolver permissive(OnMissing::kKeepText);
  const Result<Value> kept = permissive.resolve(t, scope, "/p");
  if (!kept) std::abort();
  check_text(*kept);
  if (filled.ok() != (permissive.unresolved_count() == 0)) std::abort();
  if (filled && !(*filled == *kept)) std::abort();
  if (!filled && (filled.error().message.empty() || !filled.error().where.starts_with("/p"))) std::abort();
  if (permissive.unresolved_count() > uses) std::abort();

  t.bind(stage.names);
  const Result<Value> bound = TemplateResolver(OnMissing::kKeepText).resolve(t, scope, "/p");
  if (!bound || !(*bound == *kept)) std::abort();
  return 0;
}
