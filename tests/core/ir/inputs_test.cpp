#include "core/ir/inputs.hpp"

#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/ir/problem_text.hpp"

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(inputs)

Workflow declaring(std::string_view inputs) {
  return workflow_of(R"({"nodes": [{"id": "a", "type": "t"}], "inputs": )" + std::string(inputs) + "}");
}

GivenInput typed_word(std::string name, std::string_view text) {
  return {.name = std::move(name), .value = Value::string(text), .is_text = true, .origin = "the command line"};
}

GivenInput from_file(std::string name, Value value) {
  return {.name = std::move(name), .value = std::move(value), .is_text = false, .origin = "inputs.json"};
}

// "name=json" for each input, or the problems.
std::string bound(const Workflow& workflow, const std::vector<GivenInput>& given) {
  Problems problems;
  std::string out;
  for (const BoundInput& b : bind_inputs(workflow, given, problems))
    out += (out.empty() ? "" : " ") + b.name + "=" + to_json(b.value) + (b.secret ? " (secret)" : "");
  return problems.empty() ? out : text_of(problems);
}

BOOST_AUTO_TEST_CASE(declared_inputs_come_in_the_order_declared_and_of_their_type) {
  const Workflow w =
      declaring(R"({"b": {"type": "integer"}, "a2": {"type": "string"}, "c": {}, "k": {"secret": true}})");
  BOOST_TEST(bound(w, {typed_word("c", "1"), typed_word("k", "s"), typed_word("a2", "007"), typed_word("b", "7")}) ==
             R"(b=7 a2="007" c="1" k="s" (secret))");
}

BOOST_AUTO_TEST_CASE(the_first_of_a_name_wins_and_the_others_are_not_looked_at) {
  const Workflow w = declaring(R"({"n": {"type": "integer"}})");
  BOOST_TEST(bound(w, {typed_word("n", "1"), typed_word("n", "no integer")}) == "n=1");
}

BOOST_AUTO_TEST_CASE(what_is_not_given_is_its_default_or_null) {
  const Workflow w = declaring(R"({"x": {"default": [1]}, "y": {"required": false}, "z": {"default": null}})");
  BOOST_TEST(bound(w, {}) == "x=[1] y=null z=null");
}

BOOST_AUTO_TEST_CASE(every_missing_input_is_told_with_its_type_and_description) {
  const Workflow w = declaring(R"({"city": {"type": "str", "description": "The city to\nreport on. "},
      "days": {"type": "int"}, "note": {"description": "..."}, "unit": {"default": "C"},
      "text": {"type": "string", "stdin": true, "description": "What to sum up"},
      "api-key": {"type": "string", "secret": true}})");
  BOOST_TEST(bound(w, {}) ==
             "missing_input | flow.json: /inputs/city | missing input \"city\" (string): The city to report on | "
             "Give city=VALUE, or set PFLOW_INPUT_CITY. | \n"
             "missing_input | flow.json: /inputs/days | missing input \"days\" (integer) | Give days=VALUE, or set "
             "PFLOW_INPUT_DAYS. | \n"
             "missing_input | flow.json: /inputs/note | missing input \"note\" | Give note=VALUE, or set "
             "PFLOW_INPUT_NOTE. | \n"
             "missing_input | flow.json: /inputs/text | missing input \"text\" (string): What to sum up | Give "
             "text=VALUE, or set PFLOW_INPUT_TEXT, or pipe it to stdin. | \n"
             "missing_input | flow.json: /inputs/api-key | missing input \"api-key\" (string) | Give api-key=@FILE, or "
             "set PFLOW_INPUT_API_KEY. | \n");
}

BOOST_AUTO_TEST_CASE(a_long_description_is_shortened) {
  const Workflow w = declaring(R"({"x": {"description": ")" + std::string(300, 'd') + "\"}}");
  BOOST_TEST(bound(w, {}) == "missing_input | flow.json: /inputs/x | missing input \"x\": " + std::string(200, 'd') +
                                 "... (300 bytes) | Give x=VALUE, or set PFLOW_INPUT_X. | \n");
}

BOOST_AUTO_TEST_CASE(an_unknown_input_names_the_nearest_declared_one) {
  const Workflow w = declaring(R"({"city": {"default": "Bern"}, "days": {"default": 1}})");
  BOOST_TEST(
      bound(w, {typed_word("ctiy", "x"), typed_word("ctiy", "y"), from_file("a/b", Value())}) ==
      "unknown_input | the command line | the workflow declares no input \"ctiy\" | Did you mean \"city\"? "
      "Declared inputs: city, days. | \n"
      "unknown_input | inputs.json: /a~1b | the workflow declares no input \"a/b\" | Declared inputs: city, days. "
      "| \n");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_of_the_declared_type_is_refused) {
  const Workflow w = declaring(R"({"days": {"type": "int"}, "dry": {"type": "bool"}})");
  BOOST_TEST(bound(w, {typed_word("days", "3.5"), typed_word("dry", "yes")}) ==
             "invalid_input | the command line | the input \"days\" must be an integer, not \"3.5\" | An integer is "
             "decimal digits only, from -9223372036854775808 to 18446744073709551615. | \n"
             "invalid_input | the command line | the input \"dry\" must be a boolean, not \"yes\" | Did you mean "
             "\"true\"? Write true or false. | \n");
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_not_of_its_type_is_not_shown) {
  const Workflow w = declaring(R"({"pin": {"type": "int", "secret": true}})");
  const std::string problems = bound(w, {typed_word("pin", "hunter2")});
  BOOST_TEST(
      problems.starts_with("invalid_input | the command line | the input \"pin\" must be an integer, not the "
                           "secret text that was given | "));
  BOOST_TEST(problems.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_value_from_a_file_has_the_declared_type_already) {
  const Workflow w = declaring(R"({"n": {"type": "number"}, "s": {"type": "string"}})");
  BOOST_TEST(bound(w, {from_file("n", Value::integer(std::int64_t{1})), from_file("s", Value::string("1"))}) ==
             R"(n=1 s="1")");
  BOOST_TEST(bound(w, {from_file("n", Value::string("1")), from_file("s", Value())}) ==
             "invalid_input | inputs.json: /n | the input \"n\" must be a number, not a string |  | \n"
             "invalid_input | inputs.json: /s | the input \"s\" must be a string, not null |  | \n");
}

BOOST_AUTO_TEST_CASE(null_from_a_file_is_fine_where_the_input_would_be_null_anyway) {
  const Workflow w = declaring(R"({"x": {"type": "int", "required": false}, "y": {"type": "int", "default": null},
                                   "z": {"type": "int", "default": 1}})");
  BOOST_TEST(bound(w, {from_file("x", Value()), from_file("y", Value())}) == "x=null y=null z=1");
  BOOST_TEST(bound(w, {from_file("z", Value())}) ==
             "invalid_input | inputs.json: /z | the input \"z\" must be an integer, not null |  | \n");
}

BOOST_AUTO_TEST_CASE(an_input_without_a_type_keeps_its_text_or_its_value) {
  const Workflow w = declaring(R"({"x": {}})");
  BOOST_TEST(bound(w, {typed_word("x", "1")}) == R"(x="1")");
  BOOST_TEST(bound(w, {from_file("x", Value::integer(std::int64_t{1}))}) == "x=1");
}

BOOST_AUTO_TEST_CASE(without_declarations_text_is_typed_by_look) {
  const Workflow w = workflow_of(R"({"nodes": [{"id": "a", "type": "t"}]})");
  BOOST_TEST(bound(w, {typed_word("z", "1"), typed_word("y", "007"), typed_word("z", "2"),
                       from_file("x", Value::string("1"))}) == R"(z=1 y="007" x="1")");
  BOOST_TEST(bound(w, {}) == "");
}

BOOST_AUTO_TEST_CASE(undeclared_names_obey_the_rules_of_declared_ones) {
  const Workflow w = workflow_of(R"({"nodes": [{"id": "a", "type": "t"}]})");
  BOOST_TEST(bound(w, {typed_word("a b", "1"), typed_word("__metrics__", "1"), typed_word("a", "1")}) ==
             "invalid_input | the command line | the input name \"a b\" cannot be used in a template | A name begins "
             "with a letter or \"_\" and goes on with letters, digits, \"_\" and \"-\". | \n"
             "invalid_input | the command line | the input name \"__metrics__\" is reserved | Names that begin with "
             "\"__\" belong to pflow-host. | \n"
             "name_clash | the command line | the input \"a\" is named like a node | Give it another name: a template "
             "\"${a}\" could mean either. | a\n");
}

BOOST_AUTO_TEST_CASE(the_environment_variable_is_upper_case_with_underscores) {
  BOOST_TEST(environment_name("api-key_2") == "PFLOW_INPUT_API_KEY_2");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
