#include "core/store/scope.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(scope)

constexpr NodeIndex kFetch = 0;
constexpr NodeIndex kAsk = 1;

// A store with two nodes and one input.
struct Store {
  Store() : names(make_names()), store(names) { store.set_input(0, Value::string("input")); }

  static StoreNames make_names() {
    StoreNames names;
    names.nodes = {"fetch", "ask"};
    names.inputs = {"city"};
    names.index();
    return names;
  }

  [[nodiscard]] Scope root() { return Scope::root_of(store); }

  [[nodiscard]] Scope of(NodeIndex node) { return root().narrowed(node); }

  StoreNames names;
  SharedStore store;
};

// What a name means, in words.
std::string meaning(const Scope& scope, std::string_view name) {
  const Scope::Found found = scope.find(name);
  if (!found) return "nothing";
  if (found.value != nullptr) return to_json(*found.value);
  return "outputs of " + std::to_string(found.node);
}

std::string known(const Scope& scope) {
  std::string out;
  for (const std::string_view name : scope.known_names())
    out.append(name).append(" ");
  return out;
}

BOOST_AUTO_TEST_CASE(a_local_goes_before_an_input_before_an_own_key_before_a_node) {
  Store s;
  Scope scope = s.of(kAsk);
  BOOST_TEST(meaning(scope, "fetch") == "outputs of 0");
  scope.commit("fetch", Value::string("own"));
  scope.commit("city", Value::string("own"));
  BOOST_TEST(meaning(scope, "fetch") == "\"own\"");
  BOOST_TEST(meaning(scope, "city") == "\"input\"");
  ValueMap locals;
  locals.set("fetch", Value::string("local"));
  locals.set("city", Value::string("local"));
  scope.set_locals(&locals);
  BOOST_TEST(meaning(scope, "fetch") == "\"local\"");
  BOOST_TEST(meaning(scope, "city") == "\"local\"");
  scope.set_locals(nullptr);
  BOOST_TEST(meaning(scope, "city") == "\"input\"");
}

BOOST_AUTO_TEST_CASE(a_node_does_not_see_another_nodes_keys_by_their_own_name) {
  Store s;
  s.of(kFetch).commit("response", Value::string("hidden"));
  BOOST_TEST(meaning(s.of(kAsk), "response") == "nothing");
  BOOST_TEST(meaning(s.of(kFetch), "response") == "\"hidden\"");
}

BOOST_AUTO_TEST_CASE(a_nodes_own_id_gives_its_own_outputs) {
  Store s;
  BOOST_TEST(meaning(s.of(kAsk), "ask") == "outputs of 1");
  BOOST_TEST(s.of(kAsk).find("ask").outputs == &s.store.outputs(kAsk));
}

BOOST_AUTO_TEST_CASE(an_input_that_was_not_given_is_null_and_not_absent) {
  Store s;
  s.store.set_input(0, Value());
  BOOST_TEST(meaning(s.of(kAsk), "city") == "null");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_names_mean_inputs_and_keys_of_the_root) {
  Store s;
  const Scope scope = s.root();
  BOOST_TEST(meaning(scope, "city") == "\"input\"");
  BOOST_TEST(meaning(scope, "response") == "nothing");
  scope.commit("response", Value::string("at the root"));
  BOOST_TEST(meaning(scope, "response") == "\"at the root\"");
  BOOST_TEST(meaning(scope, "fetch") == "nothing");
  BOOST_TEST(&scope.own() == &s.store.root());
}

BOOST_AUTO_TEST_CASE(a_reader_sees_inputs_and_nodes_and_has_no_keys_of_its_own) {
  Store s;
  s.root().commit("response", Value());
  const Scope reader = s.of(kReader);
  BOOST_TEST(meaning(reader, "city") == "\"input\"");
  BOOST_TEST(meaning(reader, "fetch") == "outputs of 0");
  BOOST_TEST(meaning(reader, "response") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_name_bound_beforehand_means_what_it_means_by_name) {
  Store s;
  const Scope scope = s.of(kAsk);
  scope.commit("fetch", Value::string("own"));
  for (const std::string_view name : {"city", "fetch", "ask", "nobody"}) {
    const Scope::Found by_name = scope.find(name);
    const Scope::Found bound = scope.find(name, s.names.find(name));
    BOOST_TEST(by_name.value == bound.value, name);
    BOOST_TEST(by_name.outputs == bound.outputs, name);
    BOOST_TEST(by_name.node == bound.node, name);
  }
}

BOOST_AUTO_TEST_CASE(what_is_committed_goes_to_the_own_namespace_and_can_be_forgotten) {
  Store s;
  const Scope scope = s.of(kFetch);
  scope.commit("response", Value::string("first"));
  scope.commit("response", Value::string("second"));
  BOOST_TEST(s.store.outputs(kFetch).find("response")->text() == "second");
  BOOST_TEST(s.store.root().empty());
  BOOST_TEST(&scope.own() == &s.store.outputs(kFetch));
  scope.forget("response");
  scope.forget("never there");
  BOOST_TEST(s.store.outputs(kFetch).empty());
}

BOOST_AUTO_TEST_CASE(messages_list_all_names_that_a_scope_knows) {
  Store s;
  s.root().commit("root_key", Value());
  s.of(kAsk).commit("response", Value());
  BOOST_TEST(known(s.root()) == "city root_key ");
  BOOST_TEST(known(s.of(kFetch)) == "city fetch ask ");
  BOOST_TEST(known(s.of(kAsk)) == "city response fetch ask ");
  BOOST_TEST(known(s.of(kReader)) == "city fetch ask ");
  ValueMap locals;
  locals.set("item", Value());
  Scope scope = s.of(kFetch);
  scope.set_locals(&locals);
  BOOST_TEST(known(scope) == "item city fetch ask ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
