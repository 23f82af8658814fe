#include "core/engine/reference_check.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/fake_nodes.hpp"
#include "tests/core/ir/problem_text.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(reference_check)

// The errors of a plan over a type "fetch" with one output of each kind and the open type "inline".
std::string problems_of(std::string_view document) {
  FakeNodes nodes;
  NodeType& fetch = nodes.describe("fetch");
  fetch.outputs = {{"body", "string", "", true},  {"status", "integer", "", false}, {"ratio", "number", "", false},
                   {"ok", "boolean", "", false},  {"raw", "bytes", "", false},      {"headers", "object", "", false},
                   {"links", "array", "", false}, {"any", "any", "", false}};
  const ir::Workflow workflow = ir::workflow_of(document);
  std::vector<std::string> inputs;
  for (const ir::Input& input : workflow.inputs)
    inputs.push_back(input.name);
  Problems errors;
  Problems warnings;
  const auto plan = make_plan(workflow, std::move(inputs), nodes, errors, warnings);
  return ir::text_of(errors);
}

// A chain: "get" (fetch), then "use" with one parameter x.
std::string chain(std::string_view x) {
  return problems_of(R"({"inputs": {"city": {"type": "string"}, "n": {"type": "integer"}, "list": {"type": "array"},
      "map": {"type": "object"}, "free": {}}, "nodes": [{"id": "get", "type": "fetch"},
      {"id": "use", "type": "inline", "params": {"x": ")" +
                     std::string(x) + R"("}}, {"id": "later", "type": "fetch"}]})");
}

std::string at_x(std::string_view code, std::string_view message, std::string_view hint) {
  return fmt::format("{} | flow.json: /nodes/1/params/x | {} | {} | \n", code, message, hint);
}

const std::string kOutputs =
    "Outputs of get: body (string), status (integer), ratio (number), ok (boolean), raw (bytes), headers (object), "
    "links "
    "(array), any (any).";

BOOST_AUTO_TEST_CASE(what_exists_is_in_order) {
  for (const std::string_view x :
       {"${city}", "${n}", "${free.anything[0]}", "${list[0].x}", "${map.key.deep}", "${city.key}", "${get}",
        "${get.body}", "${get.body.key[0]}", "${get.status}", "${get.headers.accept[0]}", "${get.links[0].url}",
        "${get.any.thing[0]}", "${get.error.message}", "${get.error}", "text ${get.body} and ${city}", "$${nobody}"})
    BOOST_TEST(chain(x) == "", x);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_lists_inputs_and_nodes) {
  BOOST_TEST(
      chain("${gte.body}") ==
      at_x("unknown_reference", "${gte.body}: there is no input or node \"gte\"",
           "Did you mean \"get\"? Available: city, n, list, map, free, get, use, later. For the text itself write "
           "$${gte.body}."));
}

BOOST_AUTO_TEST_CASE(a_misspelt_output_lists_the_outputs_with_their_types) {
  BOOST_TEST(chain("${get.bdy}") == at_x("unknown_reference",
                                         "${get.bdy}: node \"get\" (type fetch) has no output \"bdy\"",
                                         "Did you mean \"body\"? " + kOutputs));
  BOOST_TEST(chain("${get.zzzzzz}") ==
             at_x("unknown_reference", "${get.zzzzzz}: node \"get\" (type fetch) has no output \"zzzzzz\"", kOutputs));
}

BOOST_AUTO_TEST_CASE(a_node_is_no_list) {
  BOOST_TEST(chain("${get[0]}") == at_x("unknown_reference", "${get[0]}: \"get\" is a node, not a list", kOutputs));
}

BOOST_AUTO_TEST_CASE(a_step_that_a_type_cannot_take_is_told) {
  const auto wrong = [](std::string_view path, std::string_view what, std::string_view hint = "") {
    BOOST_TEST(chain(fmt::format("${{{}}}", path)) ==
               at_x("unknown_reference", fmt::format("${{{}}}: {}", path, what), hint));
  };
  wrong("get.status.x", "output \"status\" of \"get\" is an integer and has no \"x\"");
  wrong("get.status[0]", "output \"status\" of \"get\" is an integer and has no item [0]");
  wrong("get.ratio.x", "output \"ratio\" of \"get\" is a number and has no \"x\"");
  wrong("get.ok.x", "output \"ok\" of \"get\" is a boolean and has no \"x\"");
  wrong("get.raw[2]", "output \"raw\" of \"get\" is bytes and has no item [2]");
  wrong("get.headers[0]", "output \"headers\" of \"get\" is an object and has no item [0]");
  wrong("get.links.url", "output \"links\" of \"get\" is an array and has no \"url\"",
        "An item is written with its position: [0] is the first.");
  wrong("n.x", "input \"n\" is an integer and has no \"x\"");
  wrong("list.x", "input \"list\" is an array and has no \"x\"",
        "An item is written with its position: [0] is the first.");
  wrong("map[1]", "input \"map\" is an object and has no item [1]");
}

BOOST_AUTO_TEST_CASE(a_node_that_comes_later_cannot_be_read) {
  BOOST_TEST(chain("${later.body}") ==
             at_x("not_upstream", "${later.body}: node \"later\" cannot have run before \"use\"",
                  "Add an edge that leads from the one to the other, or use an earlier node."));
}

BOOST_AUTO_TEST_CASE(a_node_that_runs_once_cannot_read_itself) {
  BOOST_TEST(chain("${use.body}") == at_x("not_upstream",
                                          "${use.body}: node \"use\" reads its own output but runs only once",
                                          "Only a node in a loop can read what it wrote on an earlier visit."));
}

BOOST_AUTO_TEST_CASE(one_reference_has_one_problem) {
  BOOST_TEST(chain("${later.bdy}").find("not_upstream") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(several_references_have_a_problem_each_in_order) {
  BOOST_TEST(chain("${a} ${b}") ==
             at_x("unknown_reference", "${a}: there is no input or node \"a\"",
                  "Available: city, n, list, map, free, get, use, later. For the text itself write $${a}.") +
                 at_x("unknown_reference", "${b}: there is no input or node \"b\"",
                      "Available: city, n, list, map, free, get, use, later. For the text itself write $${b}."));
}

// Nodes a, b, c, d of the open type with these edges; "d" reads ${a.x}.
std::string edges(std::string_view list) {
  return problems_of(R"({"nodes": [{"id": "a", "type": "inline"}, {"id": "b", "type": "inline"},
      {"id": "c", "type": "inline"}, {"id": "d", "type": "inline", "params": {"x": "${a.x}"}}],
      "start_node": "b", "edges": [)" +
                     std::string(list) + "]}");
}

BOOST_AUTO_TEST_CASE(any_path_that_leads_from_one_to_the_other_is_enough) {
  BOOST_TEST(edges(R"({"from": "b", "to": "a"}, {"from": "a", "to": "d"})") == "");
  BOOST_TEST(edges(R"({"from": "b", "to": "a"}, {"from": "a", "to": "c"}, {"from": "c", "to": "d"})") == "");
  BOOST_TEST(edges(R"({"from": "b", "to": "a"}, {"from": "a", "to": "c", "action": "error"}, {"from": "c", "to": "d"},
                      {"from": "b", "to": "d", "action": "error"})") == "");
}

BOOST_AUTO_TEST_CASE(a_branch_beside_is_not_upstream) {
  BOOST_TEST(
      edges(R"({"from": "b", "to": "a"}, {"from": "b", "to": "d", "action": "error"})") ==
      "not_upstream | flow.json: /nodes/3/params/x | ${a.x}: node \"a\" cannot have run before \"d\" | Add an edge "
      "that leads from the one to the other, or use an earlier node. | \n");
}

BOOST_AUTO_TEST_CASE(a_node_that_never_runs_is_not_upstream_even_with_an_edge) {
  BOOST_TEST(
      edges(R"({"from": "b", "to": "d"}, {"from": "a", "to": "d"})") ==
      "not_upstream | flow.json: /nodes/3/params/x | ${a.x}: node \"a\" cannot have run before \"d\" | Add an edge "
      "that leads from the one to the other, or use an earlier node. | \n");
}

BOOST_AUTO_TEST_CASE(what_a_node_reads_that_never_runs_is_not_asked) {
  BOOST_TEST(edges(R"({"from": "b", "to": "a"})") == "");
}

BOOST_AUTO_TEST_CASE(in_a_loop_a_node_reads_itself_and_later_ones) {
  BOOST_TEST(problems_of(R"({"nodes": [{"id": "a", "type": "inline", "params": {"x": "${a.x}", "y": "${b.y}"}},
      {"id": "b", "type": "inline"}], "edges": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]})") == "");
}

// A node "a" that reads its own output "body" by its own name.
std::string own_output(std::string_view more_edges) {
  FakeNodes nodes;
  NodeType& ask = nodes.describe("ask");
  ask.outputs = {{"body", "string", "", true}};
  const ir::Workflow workflow =
      ir::workflow_of(R"({"nodes": [{"id": "a", "type": "ask", "params": {"x": "${body}"}}], "edges": [)" +
                      std::string(more_edges) + "]}");
  Problems errors;
  Problems warnings;
  static_cast<void>(make_plan(workflow, {}, nodes, errors, warnings));
  return ir::text_of(errors);
}

BOOST_AUTO_TEST_CASE(an_own_output_is_read_by_its_own_name_in_a_loop_only) {
  BOOST_TEST(own_output(R"({"from": "a", "to": "a"})") == "");
  BOOST_TEST(
      own_output("") ==
      "not_upstream | flow.json: /nodes/0/params/x | ${body}: node \"a\" reads its own output but runs only once | "
      "Only a node in a loop can read what it wrote on an earlier visit. | \n");
}

BOOST_AUTO_TEST_CASE(outputs_of_the_workflow_are_checked_like_parameters) {
  const auto output = [](std::string_view source) {
    return problems_of(R"({"nodes": [{"id": "get", "type": "fetch"}, {"id": "never", "type": "fetch"}], "edges": [],
                           "outputs": {"o": {"source": ")" +
                       std::string(source) + R"("}}})");
  };
  BOOST_TEST(output("get.body") == "");
  BOOST_TEST(output("get") == "");
  BOOST_TEST(output("${get.bdy}") ==
             "unknown_reference | flow.json: /outputs/o/source | ${get.bdy}: node \"get\" (type fetch) has no output "
             "\"bdy\" | Did you mean \"body\"? " +
                 kOutputs + " | \n");
  BOOST_TEST(
      output("never.body") ==
      "not_upstream | flow.json: /outputs/o/source | ${never.body}: node \"never\" never runs | No edges lead to "
      "it. | \n");
  BOOST_TEST(
      output("body") ==
      "unknown_reference | flow.json: /outputs/o/source | ${body}: there is no input or node \"body\" | Available: "
      "get, never. | \n");
}

// With namespacing off: "get" (fetch, its body renamed to page), then "use" of type `second` with a parameter x.
std::string flat(std::string_view x, std::string_view second = "fetch") {
  return problems_of(R"({"enable_namespacing": false, "inputs": {"city": {}}, "nodes": [{"id": "get", "type": "fetch"},
      {"id": "use", "type": ")" +
                     std::string(second) + R"(", "params": {"x": ")" + std::string(x) + R"("}}],
      "mappings": {"get": {"output_mappings": {"body": "page"}}, "use": {"output_mappings": {"body": "other"}}}})");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_names_are_inputs_and_outputs_by_their_own_or_new_name) {
  for (const std::string_view x : {"${city}", "${page}", "${status}", "${links.anything}", "${error.message}"})
    BOOST_TEST(flat(x) == "", x);
  BOOST_TEST(
      flat("${body}") ==
      "unknown_reference | flow.json: /nodes/1/params/x | ${body}: there is no input or output \"body\" | "
      "Available: any, city, headers, links, ok, other, page, ratio, raw, status. Namespacing is off: outputs are "
      "read by their own name. | \n");
  BOOST_TEST(
      flat("${get.body}") ==
      "unknown_reference | flow.json: /nodes/1/params/x | ${get.body}: there is no input or output \"get\" | "
      "Available: any, city, headers, links, ok, other, page, ratio, raw, status. Namespacing is off: outputs are "
      "read by their own name. | \n");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_a_type_with_open_outputs_may_write_any_name) {
  BOOST_TEST(flat("${anything}", "inline") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
