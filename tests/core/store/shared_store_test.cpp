#include "core/store/shared_store.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(shared_store)

StoreNames names_of(std::vector<std::string> nodes, std::vector<std::string> inputs) {
  StoreNames names;
  names.nodes = std::move(nodes);
  names.inputs = std::move(inputs);
  names.index();
  return names;
}

BOOST_AUTO_TEST_CASE(names_are_found_by_position) {
  const StoreNames names = names_of({"fetch", "ask"}, {"city", "url"});
  BOOST_TEST(names.node_index.at("fetch") == 0u);
  BOOST_TEST(names.node_index.at("ask") == 1u);
  BOOST_TEST(names.input_index.at("url") == 1u);
  BOOST_TEST(names.node_index.count("city") == 0u);
}

BOOST_AUTO_TEST_CASE(a_name_means_an_input_before_a_node_and_else_nothing) {
  const StoreNames names = names_of({"both", "node"}, {"input", "both"});
  BOOST_TEST((names.find("input").kind == NameBinding::Kind::kInput));
  BOOST_TEST(names.find("input").index == 0u);
  BOOST_TEST((names.find("both").kind == NameBinding::Kind::kInput));
  BOOST_TEST(names.find("both").index == 1u);
  BOOST_TEST((names.find("node").kind == NameBinding::Kind::kNode));
  BOOST_TEST(names.find("node").index == 1u);
  BOOST_TEST((names.find("neither").kind == NameBinding::Kind::kUnknown));
}

BOOST_AUTO_TEST_CASE(names_that_changed_are_indexed_anew) {
  StoreNames names = names_of({"a", "b"}, {"x"});
  names.nodes = {"c"};
  names.inputs.clear();
  names.index();
  BOOST_TEST(names.node_index.size() == 1u);
  BOOST_TEST(names.node_index.at("c") == 0u);
  BOOST_TEST(names.input_index.empty());
}

BOOST_AUTO_TEST_CASE(a_new_store_holds_nulls_and_nothing_has_run) {
  const StoreNames names = names_of({"a", "b"}, {"x"});
  const SharedStore store(names);
  BOOST_TEST(store.input(0).is_null());
  BOOST_TEST(store.outputs(0).empty());
  BOOST_TEST(store.root().empty());
  BOOST_TEST(!store.has_run(0));
  BOOST_TEST(!store.has_run(1));
  BOOST_TEST(&store.names() == &names);
}

BOOST_AUTO_TEST_CASE(every_node_has_outputs_of_its_own) {
  const StoreNames names = names_of({"a", "b"}, {});
  SharedStore store(names);
  store.outputs(0).set("text", Value::string("of a"));
  store.mark_run(0);
  BOOST_TEST(store.outputs(0).find("text")->text() == "of a");
  BOOST_TEST(store.outputs(1).find("text") == nullptr);
  BOOST_TEST(store.root().find("text") == nullptr);
  BOOST_TEST(store.has_run(0));
  BOOST_TEST(!store.has_run(1));
}

BOOST_AUTO_TEST_CASE(runs_of_one_plan_share_its_names_and_no_values) {
  const StoreNames names = names_of({"a"}, {"x"});
  SharedStore first(names);
  const SharedStore second(names);
  first.set_input(0, Value::string("first"));
  first.root().set("key", Value());
  BOOST_TEST(first.input(0).text() == "first");
  BOOST_TEST(second.input(0).is_null());
  BOOST_TEST(second.root().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
