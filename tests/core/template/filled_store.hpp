#pragma once

#include <string>
#include <string_view>

#include "core/store/scope.hpp"
#include "core/store/shared_store.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {

/// A store in the middle of a run, as node "ask" sees it: "fetch" has run, "later" has not, "city" and "config" are
/// inputs.
class FilledStore {
 public:
  FilledStore() : names_(make_names()), store_(names_) {
    store_.set_input(0, Value::string("Köln"));
    store_.set_input(1, json(R"({"retries": 3, "hosts": ["a", "b"], "deep": {"flag": true, "none": null}})"));
    const Scope fetch = Scope::root_of(store_).narrowed(0);
    fetch.commit("status", Value::integer(std::int64_t{200}));
    fetch.commit("body", Value::string(R"( {"title": "News", "items": [{"id": 1}, {"id": 2}], "inner": "[10, 20]"} )"));
    fetch.commit("text", Value::string("plain"));
    fetch.commit("ratio", Value::number(0.5));
    fetch.commit("ok", Value::boolean(true));
    fetch.commit("nothing", Value());
    fetch.commit("raw", Value::bytes("\xFF\xFE"));
    fetch.commit("list", json(R"([1, "zwei", null])"));
    store_.mark_run(0);
  }

  [[nodiscard]] Scope scope() { return Scope::root_of(store_).narrowed(1); }

  void set(std::string_view key, Value value) { Scope::root_of(store_).narrowed(0).commit(key, std::move(value)); }

  [[nodiscard]] const StoreNames& names() const noexcept { return names_; }

  [[nodiscard]] const Value& output(std::string_view key) const { return *store_.outputs(0).find(key); }

  [[nodiscard]] const Value& config() const { return store_.input(1); }

 private:
  static StoreNames make_names() {
    StoreNames names;
    names.nodes = {"fetch", "ask", "later"};
    names.inputs = {"city", "config"};
    names.index();
    return names;
  }

  StoreNames names_;
  SharedStore store_;
};

}  // namespace pflow
