#include "core/ir/decode_graph.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/core/ir/problem_text.hpp"

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(decode_graph)

// Three nodes, and the member a case is about.
std::string with(std::string_view member) {
  return R"({"nodes": [{"id": "fetch", "type": "t"}, {"id": "ask", "type": "t"}, {"id": "save", "type": "t"}], )" +
         std::string(member) + "}";
}

BOOST_AUTO_TEST_CASE(edges_keep_their_order_and_their_actions) {
  const Workflow w = workflow_of(with(R"("edges": [{"from": "fetch", "to": "ask"},
      {"from": "ask", "to": "ask", "action": "again"}, {"source": "ask", "target": "save", "action": "error"}])"));
  const std::vector<Edge>& edges = w.edges.value();
  BOOST_REQUIRE(edges.size() == 3u);
  BOOST_TEST(edges[0].from == "fetch");
  BOOST_TEST(edges[0].to == "ask");
  BOOST_TEST(edges[0].action == "default");
  BOOST_TEST(edges[1].to == "ask");
  BOOST_TEST(edges[1].action == "again");
  BOOST_TEST(edges[2].from == "ask");
  BOOST_TEST(edges[2].to == "save");
  BOOST_TEST(edges[2].action == "error");
}

BOOST_AUTO_TEST_CASE(an_edge_that_is_written_twice_is_harmless) {
  const Workflow w = workflow_of(with(R"("edges": [{"from": "fetch", "to": "ask"},
      {"from": "fetch", "to": "ask", "action": "default"}])"));
  BOOST_TEST(w.edges.value().size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_unknown_end_names_the_nearest_node_at_the_key_that_was_written) {
  BOOST_TEST(problems_of(with(R"("edges": [{"from": "fetch", "to": "aks"}, {"source": "zzz", "target": "save"}])")) ==
             "unknown_node | flow.json: /edges/0/to | no node has the id \"aks\" | Did you mean \"ask\"? Nodes: fetch, "
             "ask, save. | \n"
             "unknown_node | flow.json: /edges/1/source | no node has the id \"zzz\" | Nodes: fetch, ask, save. | \n");
}

BOOST_AUTO_TEST_CASE(an_edge_to_a_node_with_a_malformed_id_is_not_a_second_problem) {
  BOOST_TEST(problems_of(R"({"nodes": [{"id": "1", "type": "t"}], "edges": [{"from": "1", "to": "1"}]})") ==
             "invalid_value | flow.json: /nodes/0/id | the node id \"1\" cannot be used in a template | A name begins "
             "with a letter or \"_\" and goes on with letters, digits, \"_\" and \"-\". | 1\n");
}

BOOST_AUTO_TEST_CASE(two_ways_for_one_action_are_ambiguous) {
  BOOST_TEST(
      problems_of(with(R"("edges": [{"from": "fetch", "to": "ask"}, {"from": "ask", "to": "save"},
      {"from": "fetch", "to": "save"}])")) ==
      "invalid_value | flow.json: /edges/2 | two edges leave \"fetch\" with the action \"default\": to \"ask\" and "
      "to \"save\" | The other one is /edges/0. Give each an action of its own. | fetch\n");
}

BOOST_AUTO_TEST_CASE(an_edge_needs_both_ends) {
  BOOST_TEST(problems_of(with(R"("edges": [{}])")) ==
             "missing_key | flow.json: /edges/0 | missing key \"from\" | An edge needs \"from\" and \"to\". | \n"
             "missing_key | flow.json: /edges/0 | missing key \"to\" | An edge needs \"from\" and \"to\". | \n");
}

BOOST_AUTO_TEST_CASE(an_end_and_its_alias_at_once_are_refused) {
  BOOST_TEST(
      problems_of(with(R"("edges": [{"from": "fetch", "source": "fetch", "to": "ask", "target": "ask"}])")) ==
      "duplicate_key | flow.json: /edges/0/source | \"from\" and its alias \"source\" are both given | Keep "
      "\"from\". | \n"
      "duplicate_key | flow.json: /edges/0/target | \"to\" and its alias \"target\" are both given | Keep \"to\". "
      "| \n");
}

BOOST_AUTO_TEST_CASE(every_wrong_value_in_edges_is_reported) {
  BOOST_TEST(problems_of(with(R"("edges": [[], {"from": 1, "to": null, "action": false, "when": 1},
      {"from": "fetch", "to": "ask", "action": ""}])")) ==
             "wrong_type | flow.json: /edges/0 | an edge must be an object, not an array |  | \n"
             "unknown_key | flow.json: /edges/1/when | unknown key \"when\" | Known keys: from, to, action, source, "
             "target. | \n"
             "wrong_type | flow.json: /edges/1/from | \"from\" must be a string, not an integer |  | \n"
             "wrong_type | flow.json: /edges/1/to | \"to\" must be a string, not null |  | \n"
             "wrong_type | flow.json: /edges/1/action | \"action\" must be a string, not a boolean |  | \n"
             "invalid_value | flow.json: /edges/2/action | \"action\" is empty |  | \n");
}

BOOST_AUTO_TEST_CASE(mappings_keep_their_order) {
  const Workflow w = workflow_of(with(R"("mappings": {"ask": {"input_mappings": {"prompt": "text", "a": "b"},
      "output_mappings": {"response": "answer"}}, "save": {}})"));
  BOOST_REQUIRE(w.mappings.size() == 2u);
  const Mapping& ask = w.mappings[0];
  BOOST_TEST(ask.node == "ask");
  BOOST_REQUIRE(ask.inputs.size() == 2u);
  BOOST_TEST(ask.inputs[0].first == "prompt");
  BOOST_TEST(ask.inputs[0].second == "text");
  BOOST_TEST(ask.inputs[1].first == "a");
  BOOST_REQUIRE(ask.outputs.size() == 1u);
  BOOST_TEST(ask.outputs[0].first == "response");
  BOOST_TEST(ask.outputs[0].second == "answer");
  BOOST_TEST(w.mappings[1].node == "save");
  BOOST_TEST(w.mappings[1].inputs.empty());
  BOOST_TEST(w.mappings[1].outputs.empty());
}

BOOST_AUTO_TEST_CASE(every_wrong_value_in_mappings_is_reported) {
  BOOST_TEST(
      problems_of(with(R"("mappings": {"aks": {}, "ask": [], "save": {"input_mappings": {"a/b": 1},
      "output_mappings": "x", "inputs": {}}})")) ==
      "unknown_node | flow.json: /mappings/aks | no node has the id \"aks\" | Did you mean \"ask\"? Nodes: fetch, "
      "ask, save. | \n"
      "wrong_type | flow.json: /mappings/ask | a mapping must be an object, not an array |  | ask\n"
      "unknown_key | flow.json: /mappings/save/inputs | unknown key \"inputs\" | Known keys: input_mappings, "
      "output_mappings. | save\n"
      "wrong_type | flow.json: /mappings/save/input_mappings/a~1b | \"a/b\" must be a string, not an integer |  | "
      "save\n"
      "wrong_type | flow.json: /mappings/save/output_mappings | \"output_mappings\" must be an object, not a "
      "string |  | save\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
