#include "schema_check.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/plugins/llm/golden.hpp"

namespace pflow::llm {
namespace {

// "path: what", or "fits".
std::string check(std::string_view schema, std::string_view value) {
  const auto mismatch = check_schema(test::parse(schema), test::parse(value));
  return mismatch ? mismatch->path + ": " + mismatch->what : "fits";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schema_check)

BOOST_AUTO_TEST_CASE(types_are_checked_and_whole_floats_are_integers) {
  BOOST_TEST(check(R"({"type":"integer"})", "3.0") == "fits");
  BOOST_TEST(check(R"({"type":"integer"})", "3.5") == ": expected integer, got a number");
  BOOST_TEST(check(R"({"type":["string","null"]})", "null") == "fits");
  BOOST_TEST(check(R"({"type":["string","null"]})", "true") == ": expected string or null, got a boolean");
}

BOOST_AUTO_TEST_CASE(the_path_of_a_mismatch_is_a_json_pointer) {
  constexpr std::string_view kSchema =
      R"({"type":"object","properties":{"a/b":{"type":"array","items":{"type":"object","properties":{"n":{"type":"number"}}}}}})";
  BOOST_TEST(check(kSchema, R"({"a/b":[{"n":1},{"n":"x"}]})") == "/a~1b/1/n: expected number, got a string");
}

BOOST_AUTO_TEST_CASE(members_may_be_required_forbidden_or_of_a_pattern) {
  constexpr std::string_view kSchema =
      R"({"properties":{"a":{}},"required":["a"],"patternProperties":{"^x":{"type":"integer"}},"additionalProperties":false})";
  BOOST_TEST(check(kSchema, R"({"a":1,"x1":2})") == "fits");
  BOOST_TEST(check(kSchema, R"({"x1":2})") == ": the member \"a\" is missing");
  BOOST_TEST(check(kSchema, R"({"a":1,"b":2})") == "/b: the schema has no such member");
  BOOST_TEST(check(kSchema, R"({"a":1,"x":"s"})") == "/x: expected integer, got a string");
  BOOST_TEST(check(R"({"additionalProperties":{"type":"string"}})", R"({"k":1})") ==
             "/k: expected string, got an integer");
  BOOST_TEST(check(R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})") ==
             "/abc: expected at most 2 characters, got 3");
}

BOOST_AUTO_TEST_CASE(limits_of_numbers_and_sizes_hold) {
  BOOST_TEST(check(R"({"minimum":2})", "1") == ": expected a number of at least 2, got 1");
  BOOST_TEST(check(R"({"exclusiveMaximum":2})", "2") == ": expected a number below 2, got 2");
  BOOST_TEST(check(R"({"multipleOf":0.1})", "0.3") == "fits");
  BOOST_TEST(check(R"({"multipleOf":2})", "3") == ": expected a number that is a multiple of 2, got 3");
  BOOST_TEST(check(R"({"maxLength":2})", "\"\xC3\xA4\xC3\xA4\"") == "fits");
  BOOST_TEST(check(R"({"minItems":2})", "[1]") == ": expected at least 2 items, got 1");
  BOOST_TEST(check(R"({"uniqueItems":true})", "[1,2,1.0]") == "/2: the item is there twice");
  BOOST_TEST(check(R"({"minProperties":1})", "{}") == ": expected at least 1 members, got 0");
}

BOOST_AUTO_TEST_CASE(enumerated_values_and_patterns_hold) {
  BOOST_TEST(check(R"({"enum":["a",1]})", "1") == "fits");
  BOOST_TEST(check(R"({"enum":["a",1]})", "\"b\"") == R"(: expected one of ["a",1], got "b")");
  BOOST_TEST(check(R"({"const":{"a":1}})", R"({"a":1})") == "fits");
  BOOST_TEST(check(R"({"pattern":"^a+$"})", "\"aab\"") == R"(: expected a text that matches "^a+$", got "aab")");
  BOOST_TEST(check(R"({"pattern":"("})", "\"x\"") == "fits");
}

BOOST_AUTO_TEST_CASE(schemas_are_combined) {
  BOOST_TEST(check(R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "1") == ": it fits none of the schema's anyOf");
  BOOST_TEST(check(R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1") ==
             ": it fits several of the schema's oneOf");
  BOOST_TEST(check(R"({"allOf":[{"type":"number"},{"minimum":2}]})", "1") ==
             ": expected a number of at least 2, got 1");
  BOOST_TEST(check(R"({"not":{"type":"null"}})", "null") == ": it fits what the schema's \"not\" excludes");
  BOOST_TEST(check(R"({"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":5}})", "1") ==
             ": expected a number of at least 5, got 1");
  BOOST_TEST(check("false", "1") == ": nothing is allowed here");
}

BOOST_AUTO_TEST_CASE(items_may_have_places_and_one_may_be_wanted) {
  BOOST_TEST(check(R"({"prefixItems":[{"type":"string"}],"items":{"type":"integer"}})", R"(["a",1,"b"])") ==
             "/2: expected integer, got a string");
  BOOST_TEST(check(R"({"contains":{"const":1}})", "[2]") == ": no item is what the schema's \"contains\" asks for");
}

BOOST_AUTO_TEST_CASE(references_inside_the_schema_are_followed_and_may_recurse) {
  constexpr std::string_view kTree =
      R"({"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":{"left":{"$ref":"#/$defs/tree"}}}}})";
  BOOST_TEST(check(kTree, R"({"left":{"left":{}}})") == "fits");
  BOOST_TEST(check(kTree, R"({"left":{"left":1}})") == "/left/left: expected object, got an integer");
  BOOST_TEST(check(R"({"$ref":"#/nowhere"})", "1") == R"(: the schema's $ref leads nowhere: "#/nowhere")");
  BOOST_TEST(check(R"({"$ref":"#"})", "1") == "fits");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
