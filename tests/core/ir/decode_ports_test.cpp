#include "core/ir/decode_ports.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/ir/problem_text.hpp"

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(decode_ports)

std::string with_inputs(std::string_view inputs) {
  return R"({"nodes": [{"id": "a", "type": "t"}, {"id": "fetch", "type": "t"}], "inputs": )" + std::string(inputs) +
         "}";
}

std::string with_outputs(std::string_view outputs) {
  return R"({"nodes": [{"id": "a", "type": "t"}], "outputs": )" + std::string(outputs) + "}";
}

Input input(std::string_view members) {
  return workflow_of(with_inputs(R"({"x": )" + std::string(members) + "}")).inputs.at(0);
}

BOOST_AUTO_TEST_CASE(an_input_without_keys_is_required_and_has_no_type) {
  const Input x = input("{}");
  BOOST_TEST(x.name == "x");
  BOOST_TEST(x.description.empty());
  BOOST_TEST(!x.type.has_value());
  BOOST_TEST(x.required);
  BOOST_TEST(!x.default_value.has_value());
  BOOST_TEST(!x.from_stdin);
  BOOST_TEST(!x.secret);
}

BOOST_AUTO_TEST_CASE(every_key_of_an_input_is_read) {
  const Input x = input(R"({"description": "d", "type": "int", "required": false, "default": 3, "stdin": true,
                            "secret": true})");
  BOOST_TEST(x.description == "d");
  BOOST_TEST((x.type == DataType::kInteger));
  BOOST_TEST(!x.required);
  BOOST_TEST(to_json(x.default_value.value()) == "3");
  BOOST_TEST(x.from_stdin);
  BOOST_TEST(x.secret);
}

BOOST_AUTO_TEST_CASE(a_default_makes_an_input_optional_whatever_required_says) {
  BOOST_TEST(!input(R"({"default": "d"})").required);
  BOOST_TEST(!input(R"({"default": "d", "required": true})").required);
  BOOST_TEST(!input(R"({"required": false})").required);
}

BOOST_AUTO_TEST_CASE(inputs_keep_their_order) {
  const Workflow w = workflow_of(with_inputs(R"({"z": {}, "b": {}, "c": {}})"));
  BOOST_REQUIRE(w.inputs.size() == 3u);
  BOOST_TEST(w.inputs[0].name == "z");
  BOOST_TEST(w.inputs[1].name == "b");
  BOOST_TEST(w.inputs[2].name == "c");
}

BOOST_AUTO_TEST_CASE(an_integer_is_a_fine_default_for_a_number_and_null_for_anything) {
  BOOST_TEST(problems_of(with_inputs(R"({"x": {"type": "number", "default": 1}, "y": {"type": "str", "default": null},
                                         "z": {"default": [1]}})")) == "");
}

BOOST_AUTO_TEST_CASE(a_default_of_another_type_is_refused) {
  BOOST_TEST(
      problems_of(with_inputs(R"({"x": {"type": "int", "default": 1.0}, "y": {"type": "dict", "default": []}})")) ==
      "wrong_type | flow.json: /inputs/x/default | \"default\" must be an integer, not a number with a fraction "
      "or exponent |  | \n"
      "wrong_type | flow.json: /inputs/y/default | \"default\" must be an object, not an array |  | \n");
}

BOOST_AUTO_TEST_CASE(an_input_named_like_a_node_is_refused) {
  BOOST_TEST(problems_of(with_inputs(R"({"fetch": {}})")) ==
             "name_clash | flow.json: /inputs/fetch | the input \"fetch\" is named like a node | The node is /nodes/1. "
             "Rename one of the two: a template \"${fetch}\" could mean either. | fetch\n");
}

BOOST_AUTO_TEST_CASE(an_input_has_a_name_that_templates_can_say) {
  BOOST_TEST(problems_of(with_inputs(R"({"my city": {}, "__x": {}})")) ==
             "invalid_value | flow.json: /inputs/my city | the input name \"my city\" cannot be used in a template | A "
             "name begins with a letter or \"_\" and goes on with letters, digits, \"_\" and \"-\". | \n"
             "invalid_value | flow.json: /inputs/__x | the input name \"__x\" is reserved | Names that begin with "
             "\"__\" belong to pflow-host. | \n");
}

BOOST_AUTO_TEST_CASE(stdin_feeds_one_input_only) {
  BOOST_TEST(
      problems_of(with_inputs(R"({"x": {"stdin": true}, "y": {"stdin": false}, "z": {"stdin": true}})")) ==
      "invalid_value | flow.json: /inputs/z/stdin | \"z\" cannot be read from stdin too: \"x\" is | One input at "
      "most has \"stdin\": true. | \n");
}

BOOST_AUTO_TEST_CASE(every_wrong_value_in_inputs_is_reported) {
  BOOST_TEST(
      problems_of(with_inputs(R"({"w": "string", "x": {"description": 1, "type": "strin", "required": "no",
      "stdin": 1, "secret": null, "defualt": 1}, "y": {"type": 3}})")) ==
      "wrong_type | flow.json: /inputs/w | an input must be an object, not a string |  | \n"
      "unknown_key | flow.json: /inputs/x/defualt | unknown key \"defualt\" | Did you mean \"default\"? Known "
      "keys: description, type, required, default, stdin, secret. | \n"
      "wrong_type | flow.json: /inputs/x/description | \"description\" must be a string, not an integer |  | \n"
      "invalid_value | flow.json: /inputs/x/type | unknown type \"strin\" | Did you mean \"string\"? Known types: "
      "string, number, integer, boolean, object, array, str, float, int, bool, dict, list. | \n"
      "wrong_type | flow.json: /inputs/x/required | \"required\" must be a boolean, not a string |  | \n"
      "wrong_type | flow.json: /inputs/x/stdin | \"stdin\" must be a boolean, not an integer |  | \n"
      "wrong_type | flow.json: /inputs/x/secret | \"secret\" must be a boolean, not null |  | \n"
      "wrong_type | flow.json: /inputs/y/type | \"type\" must be a string, not an integer |  | \n");
}

BOOST_AUTO_TEST_CASE(every_key_of_an_output_is_read) {
  const Workflow w = workflow_of(with_outputs(R"({"z": {"source": "${a.b}"},
      "b": {"description": "d", "type": "list", "source": "a.b"}})"));
  BOOST_REQUIRE(w.outputs.size() == 2u);
  BOOST_TEST(w.outputs[0].name == "z");
  BOOST_TEST(w.outputs[0].description.empty());
  BOOST_TEST(!w.outputs[0].type.has_value());
  BOOST_TEST(w.outputs[0].source == "${a.b}");
  BOOST_TEST(w.outputs[1].description == "d");
  BOOST_TEST((w.outputs[1].type == DataType::kArray));
}

BOOST_AUTO_TEST_CASE(every_wrong_value_in_outputs_is_reported) {
  BOOST_TEST(
      problems_of(with_outputs(R"({"v": {}, "w": 1, "x": {"source": 1, "description": [], "type": "any",
      "sources": 1}})")) ==
      "missing_key | flow.json: /outputs/v | missing key \"source\" | An output needs a \"source\", like "
      "\"${node.output}\". | \n"
      "wrong_type | flow.json: /outputs/w | an output must be an object, not an integer |  | \n"
      "unknown_key | flow.json: /outputs/x/sources | unknown key \"sources\" | Did you mean \"source\"? Known "
      "keys: description, type, source. | \n"
      "wrong_type | flow.json: /outputs/x/description | \"description\" must be a string, not an array |  | \n"
      "invalid_value | flow.json: /outputs/x/type | unknown type \"any\" | Known types: string, number, integer, "
      "boolean, object, array, str, float, int, bool, dict, list. | \n"
      "wrong_type | flow.json: /outputs/x/source | \"source\" must be a string, not an integer |  | \n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
