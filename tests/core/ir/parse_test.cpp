#include "core/ir/parse.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/ir/problem_text.hpp"

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(parse)

// A document with one node and whatever else a case is about.
std::string with(std::string_view members) {
  return R"({"nodes":[{"id":"a","type":"t"}],)" + std::string(members) + "}";
}

std::string nodes(std::size_t count) {
  std::string out = R"({"nodes":[)";
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out += ',';
    out += R"({"id":"n)" + std::to_string(i) + R"(","type":"t"})";
  }
  return out;
}

BOOST_AUTO_TEST_CASE(the_smallest_document_gets_every_default) {
  const Workflow w = workflow_of(R"({"nodes": [{"id": "hello", "type": "echo"}]})");
  BOOST_TEST(w.source_name == "flow.json");
  BOOST_TEST(w.name.empty());
  BOOST_TEST(w.description.empty());
  BOOST_TEST(w.ir_version == "0.1.0");
  BOOST_TEST(w.nodes.size() == 1u);
  BOOST_TEST(!w.edges.has_value());
  BOOST_TEST(!w.start_node.has_value());
  BOOST_TEST(w.inputs.empty());
  BOOST_TEST(w.outputs.empty());
  BOOST_TEST(w.mappings.empty());
  BOOST_TEST(w.namespaced);
  BOOST_TEST((w.template_mode == TemplateMode::kStrict));
  BOOST_TEST(!w.limits.max_cost_usd.has_value());
  BOOST_TEST(!w.limits.max_duration_ms.has_value());
  BOOST_TEST(w.metadata.is_null());
}

BOOST_AUTO_TEST_CASE(every_key_of_the_root_is_read) {
  const Workflow w = workflow_of(with(R"("ir_version": "0.12.3", "name": "n", "description": "d", "edges": [],
      "start_node": "a", "inputs": {"city": {}}, "outputs": {"out": {"source": "a.b"}}, "enable_namespacing": false,
      "template_resolution_mode": "permissive", "limits": {"max_cost_usd": 0.5, "max_duration_ms": 1000},
      "mappings": {"a": {}}, "metadata": {"author": "me"})"));
  BOOST_TEST(w.ir_version == "0.12.3");
  BOOST_TEST(w.name == "n");
  BOOST_TEST(w.description == "d");
  BOOST_REQUIRE(w.edges.has_value());
  BOOST_TEST(w.edges->empty());
  BOOST_TEST(w.start_node.value() == "a");
  BOOST_TEST(w.inputs.at(0).name == "city");
  BOOST_TEST(w.outputs.at(0).name == "out");
  BOOST_TEST(!w.namespaced);
  BOOST_TEST((w.template_mode == TemplateMode::kPermissive));
  BOOST_TEST(w.limits.max_cost_usd.value() == 0.5);
  BOOST_TEST(w.limits.max_duration_ms.value() == 1000);
  BOOST_TEST(w.mappings.at(0).node == "a");
  BOOST_TEST(to_json(w.metadata) == R"({"author":"me"})");
}

BOOST_AUTO_TEST_CASE(a_document_that_is_no_object_is_shown_the_smallest_one) {
  BOOST_TEST(problems_of("[1]") ==
             "wrong_type | flow.json | a workflow document must be a JSON object, not an array | "
             "The smallest workflow is {\"nodes\": [{\"id\": \"hello\", \"type\": \"echo\"}]}. | \n");
}

BOOST_AUTO_TEST_CASE(a_syntax_error_has_line_and_column) {
  BOOST_TEST(problems_of("{\"nodes\":\n  oops}") ==
             "invalid_json | flow.json:2:3 | invalid JSON: unexpected 'o' |  | \n");
}

BOOST_AUTO_TEST_CASE(a_key_that_occurs_twice_is_an_error) {
  BOOST_TEST(problems_of(R"({"nodes":[],"nodes":[]})") ==
             "duplicate_key | flow.json:1:19 | the key \"nodes\" occurs twice in one object | "
             "Remove or rename one of the two. | \n");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_names_the_nearest_and_all_known_ones) {
  BOOST_TEST(
      problems_of(R"({"nodez": [{"id": "a", "type": "t"}]})") ==
      "unknown_key | flow.json: /nodez | unknown key \"nodez\" | Did you mean \"nodes\"? Known keys: ir_version, "
      "name, description, nodes, edges, start_node, inputs, outputs, enable_namespacing, "
      "template_resolution_mode, limits, mappings, metadata. | \n"
      "missing_key | flow.json | missing key \"nodes\" | A workflow needs at least one node. | \n");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_placed_by_an_escaped_pointer) {
  const std::string problems = problems_of(with(R"("a/b~c": 1)"));
  BOOST_TEST(problems.starts_with("unknown_key | flow.json: /a~1b~0c | unknown key \"a/b~c\" | Known keys: "));
}

BOOST_AUTO_TEST_CASE(an_empty_array_of_nodes_is_no_workflow) {
  BOOST_TEST(problems_of(R"({"nodes": []})") ==
             "invalid_value | flow.json: /nodes | \"nodes\" is empty | A workflow needs at least one node. | \n");
}

BOOST_AUTO_TEST_CASE(without_readable_nodes_no_name_is_called_unknown) {
  BOOST_TEST(problems_of(R"({"nodes": 5, "edges": [{"from": "a", "to": "b"}], "start_node": "a",
                             "mappings": {"a": {}}})") ==
             "wrong_type | flow.json: /nodes | \"nodes\" must be an array, not an integer |  | \n");
}

BOOST_AUTO_TEST_CASE(every_wrong_type_at_the_root_is_reported) {
  BOOST_TEST(problems_of(with(R"("ir_version": 1, "name": null, "description": [], "edges": {}, "start_node": 1.5,
      "inputs": [], "outputs": "x", "enable_namespacing": "yes", "template_resolution_mode": true, "limits": 3,
      "mappings": [], "metadata": "m")")) ==
             "wrong_type | flow.json: /ir_version | \"ir_version\" must be a string, not an integer |  | \n"
             "wrong_type | flow.json: /name | \"name\" must be a string, not null |  | \n"
             "wrong_type | flow.json: /description | \"description\" must be a string, not an array |  | \n"
             "wrong_type | flow.json: /edges | \"edges\" must be an array, not an object |  | \n"
             "wrong_type | flow.json: /start_node | \"start_node\" must be a string, not a number with a fraction or "
             "exponent |  | \n"
             "wrong_type | flow.json: /inputs | \"inputs\" must be an object, not an array |  | \n"
             "wrong_type | flow.json: /outputs | \"outputs\" must be an object, not a string |  | \n"
             "wrong_type | flow.json: /enable_namespacing | \"enable_namespacing\" must be a boolean, not a string |  "
             "| \n"
             "wrong_type | flow.json: /template_resolution_mode | \"template_resolution_mode\" must be a string, not a "
             "boolean |  | \n"
             "wrong_type | flow.json: /limits | \"limits\" must be an object, not an integer |  | \n"
             "wrong_type | flow.json: /mappings | \"mappings\" must be an object, not an array |  | \n"
             "wrong_type | flow.json: /metadata | \"metadata\" must be an object, not a string |  | \n");
}

BOOST_AUTO_TEST_CASE(an_ir_version_is_three_numbers) {
  for (const std::string_view version : {"", "1", "0.1", "0.1.", ".1.0", "0..0", "0.1.0.0", "v0.1.0", "0.1.0-rc"}) {
    BOOST_TEST(problems_of(with("\"ir_version\": \"" + std::string(version) + '"')) ==
               "invalid_value | flow.json: /ir_version | \"" + std::string(version) +
                   "\" is not a version | A version is three numbers, like \"0.1.0\". | \n");
  }
}

BOOST_AUTO_TEST_CASE(a_later_major_version_is_not_read) {
  BOOST_TEST(problems_of(with(R"("ir_version": "10.0.0")")) ==
             "unsupported | flow.json: /ir_version | this program does not read documents of ir_version \"10.0.0\" | "
             "It reads versions 0.x.y. | \n");
}

BOOST_AUTO_TEST_CASE(an_unknown_template_mode_names_the_nearest) {
  BOOST_TEST(problems_of(with(R"("template_resolution_mode": "Strict!")")) ==
             "invalid_value | flow.json: /template_resolution_mode | unknown template_resolution_mode \"Strict!\" | "
             "Did you mean \"strict\"? Known modes: strict, permissive. | \n");
}

BOOST_AUTO_TEST_CASE(limits_are_above_zero) {
  BOOST_TEST(problems_of(with(R"("limits": {"max_cost_usd": -0.5, "max_duration_ms": 0, "max_cost": 1})")) ==
             "unknown_key | flow.json: /limits/max_cost | unknown key \"max_cost\" | Did you mean \"max_cost_usd\"? "
             "Known keys: max_cost_usd, max_duration_ms. | \n"
             "invalid_value | flow.json: /limits/max_cost_usd | \"max_cost_usd\" must be greater than 0, not -0.5 |  "
             "| \n"
             "invalid_value | flow.json: /limits/max_duration_ms | \"max_duration_ms\" must be from 1 to 31536000000, "
             "not 0 |  | \n");
}

BOOST_AUTO_TEST_CASE(a_cost_limit_of_nothing_or_of_another_type_is_refused) {
  BOOST_TEST(
      problems_of(with(R"("limits": {"max_cost_usd": 0})")) ==
      "invalid_value | flow.json: /limits/max_cost_usd | \"max_cost_usd\" must be greater than 0, not 0 |  | \n");
  BOOST_TEST(problems_of(with(R"("limits": {"max_cost_usd": "1"})")) ==
             "wrong_type | flow.json: /limits/max_cost_usd | \"max_cost_usd\" must be a number, not a string |  | \n");
}

BOOST_AUTO_TEST_CASE(an_unknown_start_node_names_the_nearest) {
  BOOST_TEST(problems_of(R"({"nodes":[{"id":"fetch","type":"t"},{"id":"ask","type":"t"}],"start_node":"fetsh"})") ==
             "unknown_node | flow.json: /start_node | no node has the id \"fetsh\" | Did you mean \"fetch\"? Nodes: "
             "fetch, ask. | \n");
}

BOOST_AUTO_TEST_CASE(a_document_of_16_mib_is_read_and_one_byte_more_is_not) {
  std::string text = R"({"nodes":[{"id":"a","type":"t"}]})";
  text.append(kMaxDocumentBytes - text.size(), ' ');
  BOOST_TEST(problems_of(text) == "");
  text += ' ';
  BOOST_TEST(problems_of(text) ==
             "too_large | flow.json | the document has 16777217 bytes; the limit is 16777216 (16 MiB) | "
             "Keep large data in files or inputs. | \n");
}

BOOST_AUTO_TEST_CASE(a_document_64_levels_deep_is_read_and_a_deeper_one_is_not) {
  const auto nested = [](std::size_t arrays) {  // below 4 levels: root, nodes, node, params
    return R"({"nodes":[{"id":"a","type":"t","params":{"x":)" + std::string(arrays, '[') + std::string(arrays, ']') +
           "}}]}";
  };
  BOOST_TEST(problems_of(nested(kMaxDocumentDepth - 4)) == "");
  BOOST_TEST(problems_of(nested(kMaxDocumentDepth - 3)) ==
             "too_deep | flow.json:1:106 | the JSON is nested more than 64 levels deep |  | \n");
}

BOOST_AUTO_TEST_CASE(a_workflow_has_100000_nodes_and_not_one_more) {
  BOOST_TEST(problems_of(nodes(kMaxNodes) + "]}") == "");
  BOOST_TEST(problems_of(nodes(kMaxNodes + 1) + R"(],"start_node":"nobody"})") ==
             "too_large | flow.json: /nodes | the workflow has 100001 nodes; the limit is 100000 |  | \n");
}

BOOST_AUTO_TEST_CASE(problems_beyond_a_thousand_are_summed_up) {
  std::string edges = R"(],"edges":[0)";
  for (int i = 1; i < 1100; ++i)
    edges += ",0";
  Problems problems;
  BOOST_TEST(parse_workflow(nodes(1) + edges + "]}", "flow.json", problems).value().incomplete);
  BOOST_REQUIRE(problems.size() == 1001u);
  BOOST_TEST(text_of({problems[999]}) ==
             "wrong_type | flow.json: /edges/999 | an edge must be an object, not an integer |  | \n");
  BOOST_TEST(text_of({problems[1000]}) ==
             "invalid_value | flow.json | there are more than 1000 problems, and the rest are not listed |  | \n");
}

BOOST_AUTO_TEST_CASE(a_thousand_unknown_names_among_many_nodes_are_not_all_compared) {
  std::string text = nodes(50'000) + R"(],"edges":[)";
  for (int i = 0; i < 900; ++i)
    text += std::string(i == 0 ? "" : ",") + R"({"from":"n1","to":"nx)" + std::to_string(i) + "\",\"action\":\"a" +
            std::to_string(i) + "\"}";
  Problems problems;
  BOOST_TEST(parse_workflow(text + "]}", "flow.json", problems).value().incomplete);
  BOOST_REQUIRE(problems.size() == 900u);
  BOOST_TEST(problems.front().hint.starts_with("Did you mean \"n0\"? Nodes: n0, n1, n2, "));
  BOOST_TEST(problems.back().hint.starts_with("Nodes: n0, n1, n2, "));
  BOOST_TEST(problems.back().hint.ends_with("n19, and 49980 more."));
}

BOOST_AUTO_TEST_CASE(problems_are_appended_to_those_that_were_there) {
  Problems problems{{.code = Code::kIo, .message = "an earlier one"}};
  BOOST_TEST(parse_workflow(R"({"nodes":[{"id":"a","type":"t"}]})", "flow.json", problems).has_value());
  BOOST_TEST(!parse_workflow("{}", "flow.json", problems).has_value());
  BOOST_REQUIRE(problems.size() == 2u);
  BOOST_TEST(problems.front().message == "an earlier one");
}

BOOST_AUTO_TEST_CASE(a_place_is_the_document_and_a_pointer) {
  BOOST_TEST(document_place("flow.json", "/nodes/2/type") == "flow.json: /nodes/2/type");
  BOOST_TEST(document_place("flow.json", "") == "flow.json");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
