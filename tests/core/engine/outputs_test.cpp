#include "core/engine/outputs.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/suggest.hpp"
#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(outputs)

// "name=value" for each output, then errors, then warnings.
std::string collected(EngineRun& r) {
  r.run();
  BOOST_TEST(!r.result.error.has_value());
  Problems errors;
  Problems warnings;
  std::string out;
  for (const auto& [name, value] : collect_outputs(r.plan(), r.store(), r.result, errors, warnings))
    out += name + "=" + to_json(value) + "\n";
  if (!errors.empty()) out += "errors: " + ir::text_of(errors);
  if (!warnings.empty()) out += "warnings: " + ir::text_of(warnings);
  return out;
}

std::string collected(std::string_view document) {
  EngineRun r(document);
  return collected(r);
}

const std::string kBranches = R"("nodes": [{"id": "a", "type": "inline", "params": {"write": {"x": {"y": [1]}}}},
    {"id": "b", "type": "inline"}, {"id": "c", "type": "inline"}],
    "edges": [{"from": "a", "to": "b"}, {"from": "a", "to": "c", "action": "error"}])";

BOOST_AUTO_TEST_CASE(declared_outputs_come_in_their_order) {
  BOOST_TEST(collected("{" + kBranches + R"(, "outputs": {"z": {"source": "${a.x.y[0]}"}, "m": {"source": "$a.x"},
                                                         "all": {"source": "a"}}})") ==
             "z=1\nm={\"y\":[1]}\nall={\"x\":{\"y\":[1]}}\n");
}

BOOST_AUTO_TEST_CASE(an_output_may_be_an_input) {
  EngineRun r(
      R"({"inputs": {"city": {}}, "nodes": [{"id": "a", "type": "inline"}], "outputs": {"o": {"source": "city"}}})");
  const Value city = Value::string("Oslo");
  BOOST_TEST(collected(r.with("city", city)) == "o=\"Oslo\"\n");
}

BOOST_AUTO_TEST_CASE(an_output_shares_the_value) {
  EngineRun r(
      R"({"inputs": {"city": {}}, "nodes": [{"id": "a", "type": "inline", "params": {"write": {"c": "${city}"}}}],
                  "outputs": {"o": {"source": "a.c"}}})");
  const Value city = Value::string("Oslo");
  r.with("city", city).run();
  Problems none;
  BOOST_TEST(collect_outputs(r.plan(), r.store(), r.result, none, none).at(0).second.same_content(city));
}

BOOST_AUTO_TEST_CASE(an_output_of_a_branch_not_taken_is_null_with_a_warning) {
  BOOST_TEST(
      collected("{" + kBranches + R"(, "outputs": {"o": {"source": "c.x"}, "p": {"source": "a.x"}}})") ==
      "o=null\np={\"y\":[1]}\nwarnings: output_unavailable | flow.json: /outputs/o/source | output \"o\" is null: "
      "node \"c\" did not run |  | \n");
}

BOOST_AUTO_TEST_CASE(strict_a_path_that_leads_nowhere_is_an_error) {
  BOOST_TEST(
      collected("{" + kBranches + R"(, "outputs": {"o": {"source": "a.x.z"}, "p": {"source": "a.x.y"}}})") ==
      "p=[1]\nerrors: output_unavailable | flow.json: /outputs/o/source | output \"o\" has no value: \"a.x\" has no "
      "\"z\" | Keys of a.x: y. | \n");
}

BOOST_AUTO_TEST_CASE(permissive_a_path_that_leads_nowhere_is_null_with_a_warning) {
  BOOST_TEST(collected(R"({"template_resolution_mode": "permissive", )" + kBranches +
                       R"(, "outputs": {"o": {"source": "a.z"}, "p": {"source": "nobody.x"}}})") ==
             "o=null\np=null\nwarnings: output_unavailable | flow.json: /outputs/o/source | output \"o\" has no value: "
             "\"a\" has no \"z\" | Keys of a: x. | \n"
             "output_unavailable | flow.json: /outputs/p/source | output \"p\" has no value: there is no \"nobody\" | "
             "Available: a, b, c. | \n");
}

BOOST_AUTO_TEST_CASE(none_declared_the_first_output_of_the_last_node_is_the_result) {
  BOOST_TEST(collected(R"({"nodes": [{"id": "a", "type": "inline", "params": {"write": {"x": 1}}},
                                     {"id": "b", "type": "inline", "params": {"write": {"y": 2, "z": 3}}}]})") ==
             "y=2\n");
}

BOOST_AUTO_TEST_CASE(none_declared_the_primary_output_goes_before_the_first_written) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"write": {"first": 1, "main": 2}}}]})");
  r.nodes.get("inline").type.outputs = {{"first", "integer", "", false}, {"main", "integer", "", true}};
  BOOST_TEST(collected(r) == "main=2\n");
}

BOOST_AUTO_TEST_CASE(none_declared_a_primary_output_that_was_not_written_is_nothing) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"write": {"first": 1}}}]})");
  r.nodes.get("inline").type.outputs = {{"first", "integer", "", false}, {"main", "integer", "", true}};
  BOOST_TEST(collected(r) == "");
  BOOST_TEST(collected(R"({"nodes": [{"id": "a", "type": "inline"}]})") == "");
}

BOOST_AUTO_TEST_CASE(none_declared_the_last_node_is_the_one_that_ran_last) {
  BOOST_TEST(collected(R"({"nodes": [{"id": "a", "type": "inline", "params": {"write": {"x": 1}}},
      {"id": "b", "type": "inline", "params": {"write": {"y": 2}}}],
      "edges": [{"from": "b", "to": "a"}], "start_node": "b"})") == "x=1\n");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_outputs_are_read_from_the_root) {
  BOOST_TEST(collected(R"({"enable_namespacing": false, "nodes": [
      {"id": "a", "type": "inline", "params": {"write": {"x": 1}}}, {"id": "b", "type": "inline"}],
      "outputs": {"o": {"source": "x"}}})") == "o=1\n");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_the_primary_output_goes_by_its_new_name) {
  EngineRun r(
      R"({"enable_namespacing": false, "nodes": [{"id": "a", "type": "inline", "params": {"write": {"main": 2}}}],
                  "mappings": {"a": {"output_mappings": {"main": "renamed"}}}})");
  r.nodes.get("inline").type.outputs = {{"main", "integer", "", true}};
  BOOST_TEST(collected(r) == "renamed=2\n");
}

BOOST_AUTO_TEST_CASE(the_names_of_declared_outputs_are_known_before_the_run) {
  EngineRun r("{" + kBranches + R"(, "outputs": {"z": {"source": "a.x"}, "m": {"source": "a.x"}}})");
  r.run();
  BOOST_TEST(output_names(r.plan()).size() == 2u);
  BOOST_TEST(output_names(r.plan())[0] == "z");
  BOOST_TEST(output_names(r.plan())[1] == "m");
  EngineRun none("{" + kBranches + "}");
  none.run();
  BOOST_TEST(output_names(none.plan()).empty());
}

BOOST_AUTO_TEST_CASE(a_run_in_which_nothing_ran_has_no_result) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline"}]})");
  r.run();
  Problems none;
  BOOST_TEST(collect_outputs(r.plan(), r.store(), RunResult{}, none, none).empty());
}

BOOST_AUTO_TEST_CASE(only_the_output_that_is_asked_for_is_looked_at) {
  EngineRun r("{" + kBranches + R"(, "outputs": {"bad": {"source": "a.x.z"}, "good": {"source": "a.x.y"}}})");
  r.run();
  Problems errors;
  Problems warnings;
  const NamedValues values = collect_outputs(r.plan(), r.store(), r.result, errors, warnings, "good");
  BOOST_TEST(errors.empty());
  BOOST_REQUIRE(values.size() == 1u);
  BOOST_TEST(values[0].first == "good");
  BOOST_TEST(to_json(values[0].second) == "[1]");
}

// The possible output names of a plan whose types "one" and "two" write x, and y and x.
std::string possible(std::string_view document) {
  EngineRun r(document);
  r.nodes.describe("one").outputs = {{"x", "string", "", true}};
  r.nodes.describe("two").outputs = {{"y", "string", "", true}, {"x", "string", "", false}};
  r.run();
  return listing(possible_output_names(r.plan()));
}

BOOST_AUTO_TEST_CASE(declared_outputs_are_the_possible_ones) {
  BOOST_TEST(possible("{" + kBranches + R"(, "outputs": {"z": {"source": "a.x"}, "m": {"source": "a.x"}}})") == "z, m");
}

BOOST_AUTO_TEST_CASE(none_declared_the_outputs_of_nodes_at_which_a_run_can_end_are_the_possible_ones) {
  const std::string nodes = R"("nodes": [{"id": "a", "type": "one"}, {"id": "b", "type": "two"},
                                         {"id": "c", "type": "inline"}, {"id": "d", "type": "one"}])";
  BOOST_TEST(possible("{" + nodes + "}") == "x");
  BOOST_TEST(possible("{" + nodes + R"(, "edges": [{"from": "a", "to": "b"}]})") == "y, x");
  BOOST_TEST(possible("{" + nodes + R"(, "edges": [{"from": "a", "to": "b", "action": "error"}]})") == "x, y");
  BOOST_TEST(possible("{" + nodes + R"(, "edges": [{"from": "a", "to": "c"}, {"from": "c", "to": "d"}]})") == "x");
}

BOOST_AUTO_TEST_CASE(where_a_node_that_may_write_anything_can_end_the_run_no_name_is_known) {
  BOOST_TEST(possible("{" + kBranches + "}") == "none");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_possible_outputs_go_by_their_new_names) {
  BOOST_TEST(possible(R"({"enable_namespacing": false, "nodes": [{"id": "a", "type": "two"}],
                          "mappings": {"a": {"output_mappings": {"y": "renamed"}}}})") == "renamed, x");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
