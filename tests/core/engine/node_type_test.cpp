#include "core/engine/node_type.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(node_type)

NodeType fetch() {
  NodeType type;
  type.params.resize(1);
  type.params[0].name = "url";
  type.params[0].types = {ir::DataType::kString};
  type.outputs = {{"status", "integer", "", false}, {"body", "string", "", true}};
  type.actions = {"not_found"};
  return type;
}

BOOST_AUTO_TEST_CASE(parameters_and_outputs_are_found_by_name) {
  const NodeType type = fetch();
  BOOST_REQUIRE(type.param("url") != nullptr);
  BOOST_TEST(type.param("url")->name == "url");
  BOOST_TEST(type.param("URL") == nullptr);
  BOOST_TEST(type.output("status") == &type.outputs[0]);
  BOOST_TEST(type.output("url") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_primary_output_is_the_marked_one_or_else_the_first) {
  NodeType type = fetch();
  BOOST_TEST(type.primary_output() == &type.outputs[1]);
  type.outputs[1].primary = false;
  BOOST_TEST(type.primary_output() == &type.outputs[0]);
  type.outputs.clear();
  BOOST_TEST(type.primary_output() == nullptr);
}

BOOST_AUTO_TEST_CASE(default_and_error_are_actions_of_every_type) {
  const NodeType type = fetch();
  for (const std::string_view action : {"default", "error", "not_found"})
    BOOST_TEST(type.has_action(action), action);
  BOOST_TEST(!type.has_action("found"));
  BOOST_TEST(NodeType().has_action("error"));
}

BOOST_AUTO_TEST_CASE(a_parameter_without_types_accepts_all) {
  const NodeType type = fetch();
  BOOST_TEST(type.param("url")->accepts(ir::DataType::kString));
  BOOST_TEST(!type.param("url")->accepts(ir::DataType::kObject));
  BOOST_TEST(ParamSpec().accepts(ir::DataType::kObject));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
