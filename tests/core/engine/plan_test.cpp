#include "core/engine/plan.hpp"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/engine/planning.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(plan)

std::string problems_of(std::string_view document) {
  return Planning().make(document);
}

// One node "a" of type shell with these keys.
std::string shell(std::string_view keys) {
  return R"({"nodes": [{"id": "a", "type": "shell", )" + std::string(keys) + "}]}";
}

BOOST_AUTO_TEST_CASE(a_plan_holds_what_the_document_says) {
  Planning p;
  BOOST_TEST(p.make(R"({"name": "news", "inputs": {"city": {}}, "limits": {"max_duration_ms": 9},
      "nodes": [{"id": "a", "type": "shell", "params": {"command": "date"}, "timeout_ms": 5},
                {"id": "b", "type": "shell", "parameters": {"command": "ls"}, "retry": {"max_attempts": 2, "wait_ms": 3}}],
      "edges": [{"from": "b", "to": "a"}, {"from": "b", "to": "b", "action": "non_zero"}], "start_node": "b",
      "outputs": {"text": {"source": "${a.stdout}"}, "all": {"source": "$a"}, "x": {"source": "city[0].y"}}})") == "");
  const Plan& plan = *p.plan;
  BOOST_TEST(plan.source_name == "flow.json");
  BOOST_TEST(plan.workflow_name == "news");
  BOOST_TEST(plan.namespaced);
  BOOST_TEST((plan.on_missing == OnMissing::kFail));
  BOOST_TEST(plan.max_duration_ms.value() == 9);
  BOOST_TEST(plan.start == 1u);
  BOOST_TEST(plan.names.inputs.at(0) == "city");
  const PlanNode& a = plan.nodes.at(0);
  BOOST_TEST(a.id == "a");
  BOOST_TEST(a.type->name == "shell");
  BOOST_TEST(a.timeout_ms.value() == 5);
  BOOST_TEST(a.place == "flow.json: /nodes/0");
  BOOST_TEST(a.params_place == "flow.json: /nodes/0/params");
  BOOST_TEST(!a.retry_is_explicit);
  BOOST_TEST(a.retry.max_attempts == 7u);
  BOOST_TEST(a.edges.empty());
  BOOST_TEST(a.instances.empty());
  const PlanNode& b = plan.nodes.at(1);
  BOOST_TEST(b.params_place == "flow.json: /nodes/1/parameters");
  BOOST_TEST(b.retry_is_explicit);
  BOOST_TEST(b.retry.max_attempts == 2u);
  BOOST_TEST(b.retry.wait_ms == 3);
  BOOST_TEST(b.edges.at(0).action == "default");
  BOOST_TEST(b.edges.at(0).target == 0u);
  BOOST_TEST(b.edges.at(1).action == "non_zero");
  BOOST_TEST(b.next == kNoNode);
  BOOST_TEST(plan.outputs.at(0).path.text == "a.stdout");
  BOOST_TEST(plan.outputs.at(0).place == "flow.json: /outputs/text/source");
  BOOST_TEST(plan.outputs.at(1).path.text == "a");
  BOOST_TEST(plan.outputs.at(2).path.text == "city[0].y");
}

BOOST_AUTO_TEST_CASE(a_workflow_without_a_name_is_called_like_its_document) {
  Planning p;
  BOOST_TEST(p.make(R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"}]})") == "");
  BOOST_TEST(p.plan->workflow_name == "flow.json");
  BOOST_TEST(p.plan->nodes[0].next == 1u);
  BOOST_TEST(p.plan->nodes[1].next == kNoNode);
}

BOOST_AUTO_TEST_CASE(a_type_without_a_retry_of_its_own_is_tried_once) {
  Planning p;
  BOOST_TEST(p.make(R"({"nodes": [{"id": "a", "type": "inline"}]})") == "");
  BOOST_TEST(p.plan->nodes[0].retry.max_attempts == 1u);
}

BOOST_AUTO_TEST_CASE(an_unknown_type_is_told_for_each_node) {
  BOOST_TEST(
      problems_of(R"({"nodes": [{"id": "a", "type": "shel"}, {"id": "b", "type": "shel"}]})") ==
      "unknown_node_type | flow.json: /nodes/0/type | no plugin offers the node type \"shel\" | Install one. | a\n"
      "unknown_node_type | flow.json: /nodes/1/type | no plugin offers the node type \"shel\" | Install one. | "
      "b\n");
}

BOOST_AUTO_TEST_CASE(references_to_a_node_of_an_unknown_type_are_not_told_again) {
  BOOST_TEST(problems_of(R"({"nodes": [{"id": "a", "type": "shel"},
                            {"id": "b", "type": "inline", "params": {"x": "${a.anything[3].deep}"}}]})") ==
             "unknown_node_type | flow.json: /nodes/0/type | no plugin offers the node type \"shel\" | Install one. | "
             "a\n");
}

BOOST_AUTO_TEST_CASE(parameters_are_checked_and_belong_to_their_node) {
  BOOST_TEST(
      problems_of(shell(R"("params": {"comand": "ls"})")) ==
      "unknown_parameter | flow.json: /nodes/0/params/comand | node type \"shell\" has no parameter \"comand\" | "
      "Did you mean \"command\"? Parameters: command, env. | a\n"
      "missing_parameter | flow.json: /nodes/0/params | node type \"shell\" needs the parameter \"command\" |  | "
      "a\n");
  BOOST_TEST(
      problems_of(shell(R"("parameters": {"command": 5})")) ==
      "invalid_parameter | flow.json: /nodes/0/parameters/command | parameter \"command\" must be a string, not an "
      "integer |  | a\n");
}

BOOST_AUTO_TEST_CASE(an_action_that_a_type_never_ends_with_is_an_error) {
  BOOST_TEST(problems_of(R"({"nodes": [{"id": "a", "type": "shell", "params": {"command": "ls"}}],
      "edges": [{"from": "a", "to": "a", "action": "error"}, {"from": "a", "to": "a", "action": "nonzero"}]})") ==
             "invalid_value | flow.json: /edges/1/action | node \"a\" (type shell) never ends with the action "
             "\"nonzero\" | Did you mean \"non_zero\"? Actions: default, error, non_zero. | a\n");
}

BOOST_AUTO_TEST_CASE(an_actions_list_that_repeats_default_is_shown_once) {
  Planning p;
  p.nodes.get("inline").type.actions = {"default", "error", "own"};
  BOOST_TEST(
      p.make(R"({"nodes": [{"id": "a", "type": "inline"}], "edges": [{"from": "a", "to": "a", "action": "x"}]})") ==
      "invalid_value | flow.json: /edges/0/action | node \"a\" (type inline) never ends with the action \"x\" | "
      "Actions: default, error, own. | a\n");
}

BOOST_AUTO_TEST_CASE(a_source_that_is_no_path_is_an_error) {
  const auto source = [](std::string_view text) {
    return problems_of(R"({"nodes": [{"id": "a", "type": "inline"}], "outputs": {"o/p": {"source": ")" +
                       std::string(text) + R"("}}})");
  };
  for (const std::string_view text :
       {"${a.b", "$", "${}", "a b", "x ${a.b}", "${a.b} ", "$${a.b}", "1", "${a.b}${a.c}"}) {
    BOOST_TEST(source(text) ==
               "invalid_value | flow.json: /outputs/o~1p/source | \"" + std::string(text) +
                   "\" is no source of an output | Write ${node.output}, with as many .key and [0] as needed. | \n");
  }
}

BOOST_AUTO_TEST_CASE(nodes_that_cannot_be_reached_are_a_warning) {
  const std::string three = R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"},
                                          {"id": "c", "type": "inline"}])";
  BOOST_TEST(problems_of(three + R"(, "edges": []})") ==
             "warning: unreachable_node | flow.json: /edges | 2 nodes can never run: b, c | No edges lead there from "
             "\"a\", where the run starts. | \n");
  BOOST_TEST(
      problems_of(three + R"(, "edges": [{"from": "a", "to": "c"}, {"from": "b", "to": "c"}]})") ==
      "warning: unreachable_node | flow.json: /edges | 1 node can never run: b | No edges lead there from \"a\", "
      "where the run starts. | \n");
  BOOST_TEST(
      problems_of(three + R"(, "start_node": "b"})") ==
      "warning: unreachable_node | flow.json: /nodes | 1 node can never run: a | No edges lead there from \"b\", "
      "where the run starts. | \n");
}

BOOST_AUTO_TEST_CASE(a_template_in_a_shells_text_is_a_warning) {
  BOOST_TEST(
      problems_of(R"({"inputs": {"file": {}}, "nodes": [
      {"id": "a", "type": "shell", "params": {"command": "rm ${file}", "env": {"F": "${file}"}}},
      {"id": "b", "type": "shell", "params": {"command": "echo $${HOME} ${1}"}}]})") ==
      "warning: unsafe_template | flow.json: /nodes/0/params/command | a template in \"command\" becomes part of "
      "the shell's text | A quote or ; in the value changes the command. Pass it through \"env\" or \"stdin\" "
      "instead. | a\n");
}

BOOST_AUTO_TEST_CASE(permissive_templates_that_lead_nowhere_are_warnings) {
  Planning p;
  BOOST_TEST(p.make(R"({"template_resolution_mode": "permissive", "outputs": {"o": {"source": "${nobody.x}"}},
      "nodes": [{"id": "a", "type": "inline", "params": {"x": "${nobody}"}}]})") ==
             "warning: unknown_reference | flow.json: /nodes/0/params/x | ${nobody}: there is no input or node "
             "\"nobody\" | Available: a. For the text itself write $${nobody}. For an input give nobody=VALUE. | \n"
             "unknown_reference | flow.json: /outputs/o/source | ${nobody.x}: there is no input or node \"nobody\" | "
             "Available: a. | \n");
  BOOST_TEST((p.plan->on_missing == OnMissing::kKeepText));
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once) {
  const std::string problems = problems_of(R"({"outputs": {"o": {"source": "?"}}, "nodes": [
      {"id": "a", "type": "nothing"}, {"id": "b", "type": "shell", "params": {}},
      {"id": "c", "type": "inline", "params": {"x": "${nobody}"}}],
      "edges": [{"from": "a", "to": "b"}, {"from": "b", "to": "c", "action": "odd"}]})");
  for (const std::string_view code :
       {"unknown_node_type", "missing_parameter", "invalid_value | flow.json: /edges/1/action",
        "invalid_value | flow.json: /outputs/o/source", "unknown_reference"})
    BOOST_TEST(problems.find(code) != std::string::npos, code);
}

BOOST_AUTO_TEST_CASE(problems_that_were_there_before_are_kept_and_not_counted) {
  Planning p;
  Problems errors{{.code = Code::kIo, .message = "an earlier one"}};
  Problems warnings;
  const ir::Workflow workflow = ir::workflow_of(R"({"nodes": [{"id": "a", "type": "inline"}]})");
  const auto plan = make_plan(workflow, {}, p.nodes, errors, warnings);
  BOOST_REQUIRE(plan != nullptr);
  BOOST_TEST(errors.size() == 1u);
  BOOST_TEST(instantiate(*plan, p.nodes, errors));
}

BOOST_AUTO_TEST_CASE(undeclared_inputs_are_names_like_declared_ones) {
  Planning p;
  BOOST_TEST(p.make(R"({"nodes": [{"id": "a", "type": "inline", "params": {"x": "${city.name}"}}]})", {"city"}) == "");
}

BOOST_AUTO_TEST_CASE(mappings_count_only_with_namespacing_off) {
  const std::string nodes = R"("nodes": [{"id": "a", "type": "inline", "params": {"given": 1}},
                                         {"id": "b", "type": "inline"}],
      "mappings": {"a": {"input_mappings": {"given": "k", "wanted": "k"}, "output_mappings": {"text": "a_text"}}})";
  Planning on;
  BOOST_TEST(on.make("{" + nodes + "}") == "");
  BOOST_TEST(on.plan->nodes[0].output_mapping.empty());
  BOOST_TEST(to_json(on.plan->nodes[0].params.written()) == R"({"given":1})");
  Planning off;
  BOOST_TEST(off.make(R"({"enable_namespacing": false, )" + nodes + "}") == "");
  BOOST_TEST(!off.plan->namespaced);
  BOOST_TEST(off.plan->nodes[0].output_mapping.at(0).first == "text");
  BOOST_TEST(off.plan->nodes[0].output_mapping.at(0).second == "a_text");
  BOOST_TEST(to_json(off.plan->nodes[0].params.written()) == R"({"given":1,"wanted":"${k}"})");
  BOOST_TEST(off.plan->nodes[1].output_mapping.empty());
}

BOOST_AUTO_TEST_CASE(a_node_is_made_with_its_parameters_as_written_and_defaults) {
  Planning p;
  p.nodes.get("shell").type.params[1].default_value = json(R"({"A": "b"})");
  BOOST_TEST(p.make(R"({"inputs": {"c": {}}, "nodes": [{"id": "a", "type": "shell", "params": {"command": "ls"}},
      {"id": "b", "type": "inline", "params": {"x": "$${y} ${c}"}}]})") == "");
  Problems errors;
  BOOST_TEST(instantiate(*p.plan, p.nodes, errors));
  BOOST_TEST(errors.empty());
  BOOST_TEST(p.plan->nodes[0].instances.size() == 1U);
  BOOST_TEST(to_json(p.nodes.created.at(0)) == R"({"command":"ls","env":{"A":"b"}})");
  BOOST_TEST(to_json(p.nodes.created.at(1)) == R"({"x":"$${y} ${c}"})");
}

BOOST_AUTO_TEST_CASE(every_node_that_cannot_be_made_is_told) {
  Planning p;
  BOOST_TEST(p.make(R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "script"},
                                  {"id": "c", "type": "inline"}]})") == "");
  p.nodes.get("inline").refuses = true;
  Problems errors;
  BOOST_TEST(!instantiate(*p.plan, p.nodes, errors));
  BOOST_TEST(ir::text_of(errors) ==
             "plugin_broken | flow.json: /nodes/0/type | the plugin of \"inline\" is broken |  | a\n"
             "plugin_broken | flow.json: /nodes/2/type | the plugin of \"inline\" is broken |  | c\n");
}

BOOST_AUTO_TEST_CASE(nodes_end_with_their_plan) {
  Planning p;
  BOOST_TEST(p.make(R"({"inputs": {"c": {}}, "nodes": [{"id": "a", "type": "inline", "params": {"x": "${c}"}},
                                                       {"id": "b", "type": "inline"}]})") == "");
  Problems errors;
  BOOST_TEST(instantiate(*p.plan, p.nodes, errors));
  BOOST_TEST(p.nodes.get("inline").ended == 0);
  p.plan.reset();
  BOOST_TEST(p.nodes.get("inline").ended == 2);
}

BOOST_AUTO_TEST_CASE(a_mapping_to_what_is_no_store_key_is_an_error) {
  const std::string nodes = R"("nodes": [{"id": "a", "type": "inline", "params": {"given": 1}}],
      "mappings": {"a": {"input_mappings": {"given": "", "p/q": "not a path!", "fine": "k.x[0]"}}}})";
  BOOST_TEST(
      problems_of(R"({"enable_namespacing": false, )" + nodes) ==
      "invalid_value | flow.json: /mappings/a/input_mappings/given | \"\" is no key of the shared store | Write the "
      "name of an input or output, with as many .key and [0] as needed. | a\n"
      "invalid_value | flow.json: /mappings/a/input_mappings/p~1q | \"not a path!\" is no key of the shared store | "
      "Write the name of an input or output, with as many .key and [0] as needed. | a\n");
  BOOST_TEST(problems_of("{" + nodes) == "");
}

BOOST_AUTO_TEST_CASE(problems_of_a_plan_beyond_a_thousand_are_summed_up) {
  std::string nodes;
  for (int i = 0; i < 1500; ++i)
    nodes +=
        fmt::format(R"({}{{"id": "n{}", "type": "inline", "params": {{"x": "${{nope}}"}}}})", i == 0 ? "" : ",", i);
  for (const std::string_view mode : {"strict", "permissive"}) {
    Planning p;
    const std::string told = p.make(fmt::format(R"({{"template_resolution_mode": "{}", "nodes": [{}]}})", mode, nodes));
    BOOST_TEST(std::count(told.begin(), told.end(), '\n') == 1001);
    BOOST_TEST(told.find("/nodes/999/params/x") != std::string::npos);
    BOOST_TEST(told.ends_with(
        "invalid_value | flow.json | there are more than 1000 problems, and the rest are not listed |  | \n"));
  }
}

BOOST_AUTO_TEST_CASE(types_beyond_a_thousand_problems_are_not_looked_for) {
  std::string nodes;
  for (int i = 0; i < 1500; ++i)
    nodes += fmt::format(R"({}{{"id": "n{}", "type": "shel"}})", i == 0 ? "" : ",", i);
  const std::string told = problems_of(R"({"nodes": [)" + nodes + "]}");
  BOOST_TEST(std::count(told.begin(), told.end(), '\n') == 1001);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
