#include "core/engine/params.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/ir/problem_text.hpp"
#include "tests/core/json_literal.hpp"
#include "tests/core/template/filled_store.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(params)

using ir::DataType;

ParamSpec spec_of(std::vector<DataType> types) {
  ParamSpec spec;
  spec.name = "message";
  spec.types = std::move(types);
  return spec;
}

// What a value becomes for a parameter, as JSON, or the whole error.
std::string fitted(const Value& v, const ParamSpec& spec) {
  const Result<Value> r = fit_param(v, spec);
  return r ? to_json(*r) : ir::text_of({r.error()});
}

std::string fitted(std::string_view text, const ParamSpec& spec) {
  return fitted(json(text), spec);
}

std::string invalid(std::string_view message, std::string_view hint = "") {
  return fmt::format("invalid_parameter |  | {} | {} | \n", message, hint);
}

// A type "greet" with one parameter of each kind.
NodeType greet() {
  NodeType type;
  type.name = "greet";
  ParamSpec message = spec_of({DataType::kString});
  message.required = true;
  message.description = "What to say.";
  ParamSpec times;
  times.name = "times";
  times.types = {DataType::kInteger};
  times.default_value = Value::integer(std::int64_t{1});
  ParamSpec options;
  options.name = "options";
  options.types = {DataType::kObject};
  type.params = {message, times, options};
  return type;
}

struct Compiled {
  ParamSet set;
  std::string errors;
  std::string warnings;
};

Compiled compiled(std::string_view params, const NodeType& type) {
  Problems errors;
  Problems warnings;
  Compiled out;
  out.set = ParamSet::compile(params.empty() ? Value() : json(params), type, "f: /nodes/0/params", errors, warnings);
  out.errors = ir::text_of(errors);
  out.warnings = ir::text_of(warnings);
  return out;
}

BOOST_AUTO_TEST_CASE(a_value_of_a_declared_type_is_passed_on_and_shared) {
  const Value v = json(R"({"a": 1})");
  BOOST_TEST(fit_param(v, spec_of({DataType::kString, DataType::kObject}))->same_content(v));
  BOOST_TEST(fit_param(v, spec_of({}))->same_content(v));
  BOOST_TEST(fitted("5", spec_of({DataType::kNumber})) == "5");
  BOOST_TEST(fitted("5.5", spec_of({DataType::kNumber})) == "5.5");
  BOOST_TEST(fitted("true", spec_of({DataType::kBoolean})) == "true");
  BOOST_TEST(fitted("[]", spec_of({DataType::kArray})) == "[]");
}

BOOST_AUTO_TEST_CASE(bytes_are_taken_where_text_is) {
  const Value v = Value::bytes("\xFF");
  BOOST_TEST(fit_param(v, spec_of({DataType::kString}))->same_content(v));
  BOOST_TEST(fitted(v, spec_of({DataType::kInteger})) ==
             invalid("parameter \"message\" must be an integer, not bytes"));
}

BOOST_AUTO_TEST_CASE(a_container_becomes_compact_json_for_a_string) {
  BOOST_TEST(fitted(R"({"a": [1, "gr\u00fcn"]})", spec_of({DataType::kString})) ==
             "\"{\\\"a\\\":[1,\\\"gr\u00FCn\\\"]}\"");
  BOOST_TEST(fitted("[]", spec_of({DataType::kString})) == "\"[]\"");
}

BOOST_AUTO_TEST_CASE(json_text_becomes_a_container_where_only_that_is_taken) {
  BOOST_TEST(fitted(R"(" {\"a\": 1} ")", spec_of({DataType::kObject})) == R"({"a":1})");
  BOOST_TEST(fitted(R"("[1, 2]")", spec_of({DataType::kArray})) == "[1,2]");
  BOOST_TEST(fitted(R"("[1, 2]")", spec_of({DataType::kArray, DataType::kString})) == R"("[1, 2]")");
}

BOOST_AUTO_TEST_CASE(malformed_json_text_is_an_error_with_its_place) {
  BOOST_TEST(
      fitted(R"("{\"a\": x}")", spec_of({DataType::kObject})) ==
      invalid("parameter \"message\" must be an object, and its text is not valid JSON: invalid JSON: unexpected "
              "'x'",
              "The text breaks off at message:1:7."));
}

BOOST_AUTO_TEST_CASE(json_text_of_the_other_container_is_an_error) {
  BOOST_TEST(fitted(R"("[1]")", spec_of({DataType::kObject})) ==
             invalid("parameter \"message\" must be an object, not an array"));
  BOOST_TEST(fitted(R"("plain")", spec_of({DataType::kObject})) ==
             invalid("parameter \"message\" must be an object, not a string"));
}

BOOST_AUTO_TEST_CASE(nothing_else_is_converted) {
  BOOST_TEST(fitted("5", spec_of({DataType::kString})) ==
             invalid("parameter \"message\" must be a string, not an integer"));
  BOOST_TEST(fitted("\"5\"", spec_of({DataType::kInteger})) ==
             invalid("parameter \"message\" must be an integer, not a string"));
  BOOST_TEST(fitted("5.0", spec_of({DataType::kInteger})) ==
             invalid("parameter \"message\" must be an integer, not a number"));
  BOOST_TEST(fitted("\"true\"", spec_of({DataType::kBoolean})) ==
             invalid("parameter \"message\" must be a boolean, not a string"));
  BOOST_TEST(fitted("true", spec_of({DataType::kString, DataType::kInteger, DataType::kArray})) ==
             invalid("parameter \"message\" must be a string, an integer or an array, not a boolean"));
  BOOST_TEST(fitted("{}", spec_of({DataType::kArray})) ==
             invalid("parameter \"message\" must be an array, not an object"));
}

BOOST_AUTO_TEST_CASE(null_stands_for_an_optional_value_only) {
  ParamSpec spec = spec_of({DataType::kString});
  BOOST_TEST(fitted("null", spec) == "null");
  spec.required = true;
  BOOST_TEST(fitted("null", spec) == invalid("parameter \"message\" must be a string, not null"));
}

BOOST_AUTO_TEST_CASE(a_description_is_the_hint) {
  ParamSpec spec = spec_of({DataType::kString});
  spec.description = "What to say.";
  BOOST_TEST(fitted("5", spec) ==
             invalid("parameter \"message\" must be a string, not an integer", "message: What to say."));
}

BOOST_AUTO_TEST_CASE(a_number_has_its_limits) {
  ParamSpec spec = spec_of({DataType::kNumber});
  spec.minimum = 1;
  spec.maximum = 2.5;
  for (const std::string_view good : {"1", "2", "2.5", "1.0"})
    BOOST_TEST(fitted(good, spec) == good);
  BOOST_TEST(fitted("0", spec) == invalid("parameter \"message\" must be at least 1, not 0"));
  BOOST_TEST(fitted("0.99", spec) == invalid("parameter \"message\" must be at least 1, not 0.99"));
  BOOST_TEST(fitted("18446744073709551615", spec) ==
             invalid("parameter \"message\" must be at most 2.5, not 18446744073709551615"));
}

BOOST_AUTO_TEST_CASE(an_enumeration_lists_what_is_allowed) {
  ParamSpec spec = spec_of({DataType::kString, DataType::kInteger});
  spec.allowed = {Value::string("GET"), Value::string("POST"), Value::integer(std::int64_t{1})};
  BOOST_TEST(fitted("\"GET\"", spec) == "\"GET\"");
  BOOST_TEST(fitted("1", spec) == "1");
  BOOST_TEST(fitted("\"get\"", spec) == invalid(R"(parameter "message" must be one of "GET", "POST", 1, not "get")"));
}

BOOST_AUTO_TEST_CASE(a_long_value_is_cut_and_a_secret_is_not_shown) {
  ParamSpec spec = spec_of({DataType::kString});
  spec.allowed = {Value::string("a")};
  BOOST_TEST(fitted(Value::string(std::string(100, 'x')), spec) ==
             invalid(R"(parameter "message" must be one of "a", not ")" + std::string(59, 'x') + "... (102 bytes)"));
  spec.secret = true;
  BOOST_TEST(fitted(Value::string("hunter2"), spec) ==
             invalid(R"(parameter "message" must be one of "a", not a secret)"));
}

BOOST_AUTO_TEST_CASE(correct_parameters_are_constant_and_complete) {
  const NodeType type = greet();
  const Compiled c = compiled(R"({"message": "hi", "options": "{\"loud\": true}"})", type);
  BOOST_TEST(c.errors == "");
  BOOST_TEST(c.warnings == "");
  BOOST_TEST(c.set.is_constant());
  BOOST_TEST(to_json(c.set.constant()) == R"({"message":"hi","options":{"loud":true},"times":1})");
  BOOST_TEST(c.set.written().same_content(c.set.constant()));
  BOOST_TEST(c.set.params().size() == 3u);
  BOOST_TEST(ParamSet().is_constant());
}

BOOST_AUTO_TEST_CASE(a_missing_parameter_is_told_with_what_it_is_for) {
  const NodeType type = greet();
  const std::string missing =
      "missing_parameter | f: /nodes/0/params | node type \"greet\" needs the parameter \"message\" | message: What to "
      "say. | \n";
  BOOST_TEST(compiled("{}", type).errors == missing);
  BOOST_TEST(compiled("", type).errors == missing);
}

BOOST_AUTO_TEST_CASE(an_unknown_parameter_near_a_missing_one_is_an_error) {
  const NodeType type = greet();
  BOOST_TEST(
      compiled(R"({"mesage": "hi"})", type).errors ==
      "unknown_parameter | f: /nodes/0/params/mesage | node type \"greet\" has no parameter \"mesage\" | Did you "
      "mean \"message\"? Parameters: message, times, options. | \n"
      "missing_parameter | f: /nodes/0/params | node type \"greet\" needs the parameter \"message\" | message: "
      "What to say. | \n");
}

BOOST_AUTO_TEST_CASE(an_unknown_parameter_that_is_no_slip_is_passed_on_with_a_warning) {
  const NodeType type = greet();
  const Compiled c = compiled(R"({"message": "hi", "colour": "red", "mesage": "there too"})", type);
  BOOST_TEST(c.errors == "");
  BOOST_TEST(
      c.warnings ==
      "unknown_parameter | f: /nodes/0/params/colour | node type \"greet\" has no parameter \"colour\" | "
      "Parameters: message, times, options. It is passed on as it is. | \n"
      "unknown_parameter | f: /nodes/0/params/mesage | node type \"greet\" has no parameter \"mesage\" | Did you "
      "mean \"message\"? Parameters: message, times, options. It is passed on as it is. | \n");
  BOOST_TEST(c.set.constant().find("colour")->text() == "red");
}

BOOST_AUTO_TEST_CASE(a_closed_type_takes_no_other_parameter) {
  NodeType type = greet();
  type.closed_params = true;
  BOOST_TEST(compiled(R"({"message": "hi", "a/b": 1})", type).errors ==
             "unknown_parameter | f: /nodes/0/params/a~1b | node type \"greet\" has no parameter \"a/b\" | Parameters: "
             "message, times, options. | \n");
  NodeType none;
  none.name = "none";
  none.closed_params = true;
  BOOST_TEST(
      compiled(R"({"x": 1})", none).errors ==
      "unknown_parameter | f: /nodes/0/params/x | node type \"none\" has no parameter \"x\" | Parameters: none. | "
      "\n");
}

BOOST_AUTO_TEST_CASE(a_type_that_describes_no_parameters_takes_any) {
  NodeType type;
  type.name = "open";
  const Compiled c = compiled(R"({"x": [1, {"y": null}]})", type);
  BOOST_TEST(c.errors + c.warnings == "");
  BOOST_TEST(to_json(c.set.constant()) == R"({"x":[1,{"y":null}]})");
}

BOOST_AUTO_TEST_CASE(every_wrong_constant_is_told_with_its_place) {
  const NodeType type = greet();
  BOOST_TEST(
      compiled(R"({"message": 5, "times": "x"})", type).errors ==
      "invalid_parameter | f: /nodes/0/params/message | parameter \"message\" must be a string, not an integer | "
      "message: What to say. | \n"
      "invalid_parameter | f: /nodes/0/params/times | parameter \"times\" must be an integer, not a string |  | "
      "\n");
}

BOOST_AUTO_TEST_CASE(an_escape_is_undone_once) {
  const NodeType type = greet();
  const Compiled c = compiled(R"({"message": "$${x}"})", type);
  BOOST_TEST(c.set.is_constant());
  BOOST_TEST(c.set.constant().find("message")->text() == "${x}");
}

BOOST_AUTO_TEST_CASE(templates_are_filled_and_fitted_at_each_call) {
  const NodeType type = greet();
  const Compiled c =
      compiled(R"({"message": "${config}", "options": "${fetch.body}", "times": "${fetch.status}"})", type);
  BOOST_TEST(c.errors + c.warnings == "");
  BOOST_TEST(!c.set.is_constant());
  BOOST_TEST(to_json(c.set.written()) ==
             R"({"message":"${config}","options":"${fetch.body}","times":"${fetch.status}"})");
  FilledStore store;
  TemplateResolver resolver(OnMissing::kFail);
  const Value v = *c.set.resolve(resolver, store.scope());
  BOOST_TEST(v.find("message")->text() == R"({"retries":3,"hosts":["a","b"],"deep":{"flag":true,"none":null}})");
  BOOST_TEST(v.find("options")->find("title")->text() == "News");
  BOOST_TEST(v.find("times")->as_int() == 200);
}

std::string resolve_error(std::string_view params, const NodeType& type) {
  const Compiled c = compiled(params, type);
  FilledStore store;
  TemplateResolver resolver(OnMissing::kFail);
  const Result<Value> v = c.set.resolve(resolver, store.scope());
  return v ? to_json(*v) : ir::text_of({v.error()});
}

BOOST_AUTO_TEST_CASE(what_a_template_brings_is_checked_like_a_constant) {
  NodeType type = greet();
  type.params[1].maximum = 100;
  BOOST_TEST(resolve_error(R"({"message": "m", "times": "${fetch.text}"})", type) ==
             "invalid_parameter | /times | parameter \"times\" must be an integer, not a string |  | \n");
  BOOST_TEST(resolve_error(R"({"message": "m", "times": "${fetch.status}"})", type) ==
             "invalid_parameter | /times | parameter \"times\" must be at most 100, not 200 |  | \n");
  BOOST_TEST(resolve_error(R"({"message": "m", "x/y": {"z": ["${cty}"]}})", type) ==
             "unresolved_template | /x~1y/z/0 | cannot resolve ${cty}: there is no \"cty\" | Did you mean \"city\"? "
             "Available: city, config, fetch, ask, later. | \n");
}

BOOST_AUTO_TEST_CASE(permissive_only_the_parameter_that_kept_its_text_is_not_fitted) {
  const NodeType type = greet();
  const Compiled c = compiled(R"({"times": "${nobody}", "message": "${config.hosts}"})", type);
  FilledStore store;
  TemplateResolver resolver(OnMissing::kKeepText);
  const Value v = *c.set.resolve(resolver, store.scope());
  BOOST_TEST(to_json(v) == R"({"times":"${nobody}","message":"[\"a\",\"b\"]"})");
  BOOST_TEST(resolver.unresolved_count() == 1u);
}

BOOST_AUTO_TEST_CASE(bound_names_fill_the_same) {
  const NodeType type = greet();
  Compiled c = compiled(R"({"message": "${city} ${fetch.text}", "options": {"a": ["${config.retries}"]}})", type);
  FilledStore store;
  c.set.bind(store.names());
  TemplateResolver resolver(OnMissing::kFail);
  BOOST_TEST(to_json(*c.set.resolve(resolver, store.scope())) ==
             "{\"message\":\"K\u00F6ln plain\",\"options\":{\"a\":[3]},\"times\":1}");
}

BOOST_AUTO_TEST_CASE(text_made_of_an_object_has_a_limit) {
  ParamSpec spec;
  spec.name = "p";
  spec.types = {ir::DataType::kString};
  BOOST_TEST(fit_param(json("[1,2]"), spec, 5)->text() == "[1,2]");
  BOOST_TEST(
      ir::text_of({fit_param(json("[1,22]"), spec, 5).error()}) ==
      "too_large |  | the text would be longer than 5 bytes | Each visit in a loop may add to it. Keep large data "
      "in files. | \n");
}

BOOST_AUTO_TEST_CASE(unknown_names_beyond_the_limit_of_problems_are_not_looked_at) {
  std::vector<Member> members;
  for (int i = 0; i < 5000; ++i)
    members.push_back({Value::string("x" + std::to_string(i)), Value()});
  NodeType type;
  type.closed_params = true;
  Problems errors;
  Problems warnings;
  static_cast<void>(ParamSet::compile(Value::object(members), type, "", errors, warnings));
  BOOST_TEST(errors.size() == 1001u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
