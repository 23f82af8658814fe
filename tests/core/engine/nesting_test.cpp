#include "core/engine/nesting.hpp"

#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

constexpr std::string_view kChild = R"({"inputs": {"x": {"type": "integer"}, "y": {"type": "string", "default": "d"}},
  "nodes": [{"id": "in", "type": "inline", "params": {"write": {"sum": "${x}", "text": "${y}"}}}],
  "outputs": {"sum": {"source": "${in.sum}", "type": "integer"}, "text": {"source": "${in.text}"}}})";

std::string around(std::string_view params) {
  return R"({"nodes": [{"id": "w", "type": "workflow", "params": )" + std::string(params) + "}]}";
}

// What planning says of a node of the type workflow, with the child above in "child.json".
std::string told(std::string_view params) {
  EngineRun r(around(params));
  r.workflows.add("/flows/child.json", std::string(kChild)).add("/saved/kept.json", std::string(kChild));
  return r.run();
}

BOOST_AUTO_TEST_SUITE(nesting)

BOOST_AUTO_TEST_CASE(a_workflow_runs_another_with_a_store_of_its_own) {
  EngineRun r(R"({"nodes": [
    {"id": "a", "type": "inline", "params": {"write": {"n": 7}}},
    {"id": "w", "type": "workflow", "params": {"workflow_ref": "child.json", "param_mapping": {"x": "${a.n}"},
                                               "output_mapping": {"sum": "total"}}},
    {"id": "z", "type": "inline", "params": {"write": {"all": "${w.total} ${w.text}"}}}]})");
  r.workflows.add("/flows/child.json", std::string(kChild));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("w", "total") == "7");
  BOOST_TEST(r.written("w", "text") == "\"d\"");
  BOOST_TEST(r.written("w", "sum") == "absent");
  BOOST_TEST(r.written("z", "all") == "\"7 d\"");
  BOOST_TEST(r.nodes.log() == "a w/in z ");
}

BOOST_AUTO_TEST_CASE(a_saved_one_and_one_in_the_document_itself_run_too) {
  BOOST_TEST(told(R"({"workflow_name": "kept", "param_mapping": {"x": 1}})") == "success\n");
  BOOST_TEST(told(R"({"workflow_ir": {"nodes": [{"id": "n", "type": "inline"}]}})") == "success\n");
}

BOOST_AUTO_TEST_CASE(templates_of_an_inner_document_are_its_own) {
  EngineRun r(around(R"({"workflow_ir": {"inputs": {"p": {"type": "string"}},
      "nodes": [{"id": "n", "type": "inline", "params": {"write": {"out": "${p}!"}}}],
      "outputs": {"o": {"source": "${n.out}"}}}, "param_mapping": {"p": "hi"}})"));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("w", "o") == "\"hi!\"");
}

BOOST_AUTO_TEST_CASE(exactly_one_way_to_name_it_is_needed) {
  BOOST_TEST(told("{}") ==
             "no plan\nmissing_parameter | flow.json: /nodes/0/params | a node of type \"workflow\" needs one of "
             "workflow_ref, workflow_name or workflow_ir |  | w\n");
  BOOST_TEST(told(R"({"workflow_ref": "child.json", "workflow_name": "kept"})") ==
             "no plan\ninvalid_parameter | flow.json: /nodes/0/params | a node of type \"workflow\" takes one of "
             "workflow_ref, workflow_name or workflow_ir, not several: workflow_ref, workflow_name |  | w\n");
}

BOOST_AUTO_TEST_CASE(a_name_with_a_template_is_refused_before_the_run) {
  BOOST_TEST(told(R"({"workflow_ref": "${which}.json"})") ==
             "no plan\ninvalid_parameter | flow.json: /nodes/0/params/workflow_ref | \"workflow_ref\" must be known "
             "before the run: it takes no template | All workflows of a run are read and checked before it begins. "
             "Choose between nodes with an edge instead. | w\n");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_told_at_the_node) {
  BOOST_TEST(
      told(R"({"workflow_ref": "gone.json"})") ==
      "no plan\nunreadable | flow.json: /nodes/0/params/workflow_ref | there is no workflow /flows/gone.json |  | w\n");
}

BOOST_AUTO_TEST_CASE(missing_and_unknown_inputs_are_told_before_the_run) {
  BOOST_TEST(told(R"({"workflow_ref": "child.json", "param_mapping": {"yy": "1"}})") ==
             "no plan\nmissing_input | flow.json: /nodes/0/params/param_mapping | workflow child.json needs the input "
             "\"x\" | Give it in \"param_mapping\". | w\n"
             "unknown_input | flow.json: /nodes/0/params/param_mapping/yy | workflow child.json has no input \"yy\" | "
             "Did you mean \"y\"? Inputs: x, y. | w\n");
}

BOOST_AUTO_TEST_CASE(an_input_has_its_declared_type) {
  BOOST_TEST(told(R"({"workflow_ref": "child.json", "param_mapping": {"x": "one"}})") ==
             "no plan\ninvalid_parameter | flow.json: /nodes/0/params/param_mapping/x | parameter \"x\" must be an "
             "integer, not a string |  | w\n");
  BOOST_TEST(told(R"({"workflow_ref": "child.json", "param_mapping": {"x": 1, "y": null}})") == "success\n");
}

BOOST_AUTO_TEST_CASE(a_document_that_declares_no_inputs_takes_any_that_a_template_can_name) {
  EngineRun r(around(R"({"workflow_ir": {"nodes": [{"id": "n", "type": "inline", "params": {"write": {"o": "${q}"}}}]},
                         "param_mapping": {"q": [1]}})"));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("w", "o") == "[1]");
  EngineRun clash(around(R"({"workflow_ir": {"nodes": [{"id": "n", "type": "inline"}]}, "param_mapping": {"n": 1}})"));
  BOOST_TEST(
      clash.run() ==
      "no plan\nname_clash | flow.json: /nodes/0/params/param_mapping/n | the input \"n\" is named like a node | "
      "Give it another name: a template \"${n}\" could mean either. | w\n");
}

BOOST_AUTO_TEST_CASE(an_output_that_is_not_there_is_told_before_the_run) {
  BOOST_TEST(told(R"({"workflow_ref": "child.json", "param_mapping": {"x": 1}, "output_mapping": {"summ": "s"}})") ==
             "no plan\nunknown_output | flow.json: /nodes/0/params/output_mapping/summ | workflow child.json has no "
             "output \"summ\" | Did you mean \"sum\"? Outputs: sum, text. | w\n");
  BOOST_TEST(told(R"({"workflow_ref": "child.json", "param_mapping": {"x": 1}, "output_mapping": {"sum": "text"}})") ==
             "no plan\ninvalid_value | flow.json: /nodes/0/params/output_mapping/text | two outputs would be called "
             "\"text\" here |  | w\n");
}

BOOST_AUTO_TEST_CASE(a_reference_to_an_output_of_it_is_checked) {
  EngineRun r(R"({"nodes": [
    {"id": "w", "type": "workflow", "params": {"workflow_ref": "child.json", "param_mapping": {"x": 1}}},
    {"id": "z", "type": "inline", "params": {"v": "${w.some}"}}]})");
  r.workflows.add("/flows/child.json", std::string(kChild));
  BOOST_TEST(r.run() ==
             "no plan\nunknown_reference | flow.json: /nodes/1/params/v | ${w.some}: node \"w\" (type workflow) has no "
             "output \"some\" | Outputs of w: sum (integer), text (any). | \n");
}

BOOST_AUTO_TEST_CASE(all_problems_of_all_documents_are_told_at_once_with_the_way_to_them) {
  EngineRun r(R"({"nodes": [
    {"id": "a", "type": "workflow", "params": {"workflow_ref": "mid.json"}},
    {"id": "b", "type": "workflow", "params": {"workflow_ref": "low.json"}},
    {"id": "c", "type": "nothing"}]})");
  r.workflows.add("/flows/mid.json",
                  R"({"nodes": [{"id": "m", "type": "workflow", "params": {"workflow_ref": "low.json"}}]})");
  r.workflows.add("/flows/low.json",
                  R"({"nodes": [{"id": "l", "type": "inline", "params": {"v": "${no}"}}], "edges": 1})");
  BOOST_TEST(
      r.run() ==
      "no plan\n"
      "wrong_type | low.json: /edges | \"edges\" must be an array, not an integer | low.json is run by node \"m\" "
      "(mid.json: /nodes/0).\nmid.json is run by node \"a\" (flow.json: /nodes/0). | a/m\n"
      "unknown_reference | low.json: /nodes/0/params/v | ${no}: there is no input or node \"no\" | Available: l. "
      "For the text itself write $${no}. For an input give no=VALUE.\nlow.json is run by node \"m\" (mid.json: "
      "/nodes/0).\nmid.json is run by node \"a\" (flow.json: /nodes/0). | a/m\n"
      "unknown_node_type | flow.json: /nodes/2/type | no plugin offers the node type \"nothing\" | Install one. | "
      "c\n");
  BOOST_TEST(r.workflows.reads == 2);
}

BOOST_AUTO_TEST_CASE(problems_of_an_inner_document_point_into_the_outer_one) {
  EngineRun r(around(R"({"workflow_ir": {"nodes": [{"id": "n", "type": "nothing"}]}})"));
  BOOST_TEST(r.run() ==
             "no plan\nunknown_node_type | flow.json: /nodes/0/params/workflow_ir/nodes/0/type | no plugin offers the "
             "node type \"nothing\" | Install one. | w/n\n");
}

BOOST_AUTO_TEST_CASE(a_problem_that_many_ways_lead_to_is_told_once_at_every_depth) {
  EngineRun r(around(R"({"workflow_ref": "1.json"})"));
  constexpr int kLevels = 9;
  for (int i = 1; i < kLevels; ++i) {
    const std::string next =
        R"(", "type": "workflow", "params": {"workflow_ref": ")" + std::to_string(i + 1) + R"(.json"}})";
    r.workflows.add("/flows/" + std::to_string(i) + ".json",
                    R"({"nodes": [{"id": "a)" + next + R"(, {"id": "b)" + next + R"(, {"id": "c)" + next + "]}");
  }
  r.workflows.add("/flows/9.json", R"({"nodes": [{"id": "n", "type": "inline", "params": {"v": "${no}", "w": "${no2}"}},
                                                 {"id": "m", "type": "inline", "params": {"v": "${no}"}}]})");
  const std::string told = r.run();
  BOOST_TEST(std::count(told.begin(), told.end(), '|') == 12);  // four to a problem
  BOOST_TEST(told.find("9.json: /nodes/0/params/v | ${no}: ") != std::string::npos, told);
  BOOST_TEST(told.find("1.json is run by node \"w\" (flow.json: /nodes/0).") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_circle_is_refused_with_its_documents_named) {
  EngineRun r(around(R"({"workflow_ref": "a.json"})"));
  r.workflows.add("/flows/a.json", around(R"({"workflow_ref": "b.json"})"));
  r.workflows.add("/flows/b.json", around(R"({"workflow_ref": "a.json"})"));
  BOOST_TEST(
      r.run() ==
      "no plan\ninvalid_value | b.json: /nodes/0/params/workflow_ref | the workflow would run itself: flow.json -> "
      "a.json -> b.json -> a.json | A workflow cannot be nested in itself; a loop of edges repeats nodes.\nb.json "
      "is run by node \"w\" (a.json: /nodes/0).\na.json is run by node \"w\" (flow.json: /nodes/0). | w/w/w\n");
  EngineRun itself(around(R"({"workflow_ref": "flow.json"})"));
  itself.workflows.add("/flows/flow.json", "{}");
  BOOST_TEST(
      itself.run() ==
      "no plan\ninvalid_value | flow.json: /nodes/0/params/workflow_ref | the workflow would run itself: flow.json "
      "-> flow.json | A workflow cannot be nested in itself; a loop of edges repeats nodes. | w\n");
}

BOOST_AUTO_TEST_CASE(ten_levels_are_the_limit_unless_a_node_says_otherwise) {
  const auto deep = [](int levels, std::string_view more) {
    EngineRun r(around(R"({"workflow_ref": "1.json"})"));
    for (int i = 1; i < levels; ++i)
      r.workflows.add("/flows/" + std::to_string(i) + ".json",
                      around(R"({"workflow_ref": ")" + std::to_string(i + 1) + R"(.json")" + std::string(more) + "}"));
    r.workflows.add("/flows/" + std::to_string(levels) + ".json", R"({"nodes": [{"id": "n", "type": "inline"}]})");
    return r.run();
  };
  BOOST_TEST(deep(10, "") == "success\n");
  BOOST_TEST(
      deep(11, "").find("too_deep | 10.json: /nodes/0/params | workflows would be nested 11 deep; the limit is 10 | "
                        "flow.json -> 1.json -> ") != std::string::npos);
  BOOST_TEST(deep(11, R"(, "max_depth": 11)") == "success\n");
}

BOOST_AUTO_TEST_CASE(a_document_that_many_nodes_run_is_read_once) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "workflow", "params": {"workflow_ref": "c.json"}},
                            {"id": "b", "type": "workflow", "params": {"workflow_ref": "c.json"}}]})");
  r.workflows.add("/flows/c.json", R"({"nodes": [{"id": "n", "type": "inline"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.workflows.reads == 1);
  BOOST_TEST(r.nodes.log() == "a/n b/n ");
  BOOST_TEST(r.plan().node_count() == 4U);
  std::vector<std::string> ids(4);
  r.plan().for_each_node([&](const PlanNode& node) { ids.at(node.number) = node.id; });
  BOOST_TEST(ids == (std::vector<std::string>{"a", "a/n", "b", "b/n"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(more_nodes_in_all_than_one_document_may_have_are_refused) {
  EngineRun r(around(R"({"workflow_ref": "1.json"})"));
  std::string many;
  for (int i = 0; i < 50; ++i)
    many += (i == 0 ? "" : ",") + std::string(R"({"id": "w)") + std::to_string(i) +
            R"(", "type": "workflow", "params": {"workflow_ref": "NEXT.json"}})";
  for (int level = 1; level <= 3; ++level) {
    std::string text = many;
    const std::string next = std::to_string(level + 1);
    for (std::size_t at = text.find("NEXT"); at != std::string::npos; at = text.find("NEXT", at))
      text.replace(at, 4, next);
    r.workflows.add("/flows/" + std::to_string(level) + ".json", R"({"nodes": [)" + text + "]}");
  }
  r.workflows.add("/flows/4.json", R"({"nodes": [{"id": "n", "type": "inline"}]})");
  const std::string told = r.run();
  BOOST_TEST(told.find("| the run would have more than 100000 nodes, those of nested workflows included") !=
             std::string::npos);
  BOOST_TEST(std::count(told.begin(), told.end(), '|') == 4);  // one problem
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
