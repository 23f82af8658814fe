#include "schema_check.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/plugins/llm/golden.hpp"

namespace pflow::llm {
namespace {

// "path: what", or "fits"; of a schema that cannot be used "no schema, path: what".
std::string check_value(const json::object& schema, const json::value& value) {
  try {
    const SchemaRules rules(schema);
    const auto mismatch = check_schema(rules, value);
    if (mismatch && mismatch->too_costly) return "too costly";
    return mismatch ? mismatch->path + ": " + mismatch->what : "fits";
  } catch (const SchemaProblem& problem) {
    return "no schema, " + problem.path + ": " + problem.what;
  }
}

std::string check(std::string_view schema, std::string_view value) {
  return check_value(test::parse(schema).as_object(), test::parse(value));
}

bool refers_nowhere(std::string_view reference) {
  const json::object schema{{"properties", json::object{{"a", json::object{{"$ref", reference}}}}},
                            {"$defs", json::object{{"x", json::object{}}}}};
  return check_value(schema, nullptr).starts_with("no schema, /properties/a/$ref: it leads to no schema");
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
  BOOST_TEST(check(R"({"enum":[[1,{"a":2,"b":3.0}]]})", R"([1.0,{"b":3,"a":2}])") == "fits");
  BOOST_TEST(check(R"({"enum":[]})", "1") == ": expected one of [], got 1");
  BOOST_TEST(check(R"({"const":9007199254740993})", "9007199254740992") ==
             ": expected 9007199254740993, got 9007199254740992");
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
  BOOST_TEST(check(R"({"allOf":[false]})", "1") == ": nothing is allowed here");
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
}

BOOST_AUTO_TEST_CASE(references_lead_to_pointers_anchors_and_ids) {
  BOOST_TEST(check(R"({"$ref":"#/$defs/a%20b","$defs":{"a b":{"type":"string"}}})", "1") ==
             ": expected string, got an integer");
  BOOST_TEST(check(R"({"$ref":"#/$defs/a~1b","$defs":{"a/b":false}})", "1") == ": nothing is allowed here");
  BOOST_TEST(check(R"({"$ref":"#n","$defs":{"x":{"$anchor":"n","type":"null"}}})", "1") ==
             ": expected null, got an integer");
  BOOST_TEST(check(R"({"$id":"https://a/b","items":{"$ref":"https://a/b#/$defs/x"},"$defs":{"x":{"type":"null"}}})",
                   "[1]") == "/0: expected null, got an integer");
  BOOST_TEST(check(R"({"$ref":"#/elsewhere/x","elsewhere":{"x":{"pattern":"^a"}}})", "\"b\"") ==
             R"(: expected a text that matches "^a", got "b")");
}

BOOST_AUTO_TEST_CASE(references_that_lead_nowhere_are_found_beforehand) {
  for (const std::string_view reference : {"#/nowhere", "#nobody", "https://a/b", "#/$defs", "#/$defs/x/y", "x"}) {
    BOOST_TEST(refers_nowhere(reference) == (reference != "#/$defs"), reference);
  }
  BOOST_TEST(!refers_nowhere("#/$defs/x"));
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_nothing_but_itself_is_refused) {
  for (const std::string_view schema : {R"({"$ref":"#"})", R"({"allOf":[{"$ref":"#"}]})", R"({"not":{"$ref":"#"}})"}) {
    BOOST_TEST(check(schema, "1").find("it refers to itself without end") != std::string::npos, schema);
  }
  BOOST_TEST(check(R"({"items":{"$ref":"#"}})", "[[1]]") == "fits");
}

BOOST_AUTO_TEST_CASE(a_pattern_that_cannot_be_used_is_found_beforehand) {
  BOOST_TEST(check(R"({"properties":{"a":{"pattern":"("}}})", "1")
                 .starts_with("no schema, /properties/a/pattern: the pattern cannot be used: "));
  BOOST_TEST(check_value({{"patternProperties", json::object{{"(?=a)", true}}}}, 1) ==
             "no schema, /patternProperties/(?=a): the pattern cannot be used: look-around, (?=...), cannot be checked "
             "in bounded time");
}

BOOST_AUTO_TEST_CASE(no_pattern_and_no_text_stalls_or_ends_the_program) {
  const auto with = [](std::string_view pattern) { return json::object{{"pattern", pattern}}; };
  const std::string many(60'000, '(');
  BOOST_TEST(check_value(with(many), "x").starts_with("no schema, /pattern: "));
  BOOST_TEST(check_value(with(many + std::string(60'000, ')')), "x").find("64 KiB") != std::string::npos);
  BOOST_TEST(check_value(with(std::string(30'000, '(') + std::string(30'000, ')')), "x") == "fits");
  BOOST_TEST(check_value(with("^(a+)+$"), json::string(std::string(1U << 20U, 'a'))) == "fits");
  BOOST_TEST(
      check_value(with("^(a+)+$"), json::string(std::string(5'000, 'a') + 'b')).starts_with(": expected a text"));
}

BOOST_AUTO_TEST_CASE(schemas_that_multiply_themselves_end) {
  json::object parts{{"a0", json::object{{"type", "integer"}}}};
  for (int i = 1; i <= 40; ++i) {
    const json::object twice{{"$ref", "#/$defs/a" + std::to_string(i - 1)}};
    parts["a" + std::to_string(i)] = json::object{{"allOf", json::array{twice, twice}}};
  }
  BOOST_TEST(check_value({{"$ref", "#/$defs/a40"}, {"$defs", parts}}, 1) == "too costly");
  BOOST_TEST(check_value({{"$ref", "#/$defs/a10"}, {"$defs", parts}}, 1) == "fits");
}

BOOST_AUTO_TEST_CASE(many_unique_items_are_compared_by_their_forms) {
  json::array items;
  for (int i = 0; i < 200'000; ++i)
    items.push_back(i);
  BOOST_TEST(check_value({{"uniqueItems", true}}, items) == "fits");
  items.push_back(7.0);
  BOOST_TEST(check_value({{"uniqueItems", true}}, items) == "/200000: the item is there twice");
  BOOST_TEST(check(R"({"uniqueItems":true})", R"([{"a":1,"b":2},{"b":2,"a":1.0}])") == "/1: the item is there twice");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
