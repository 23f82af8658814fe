#include "core/ir/input_text.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(input_text)

// The value as JSON, or "problem | hint".
std::string typed(std::string_view text, DataType type, bool secret = false) {
  const TypedText t = type_text(Value::string(text), type, secret);
  return t.value ? to_json(*t.value) : t.problem + " | " + t.hint;
}

std::string looks(std::string_view text) {
  return to_json(type_by_look(Value::string(text)));
}

BOOST_AUTO_TEST_CASE(a_string_is_exactly_the_text) {
  for (const std::string_view text : {"007", "1e3", "true", "", " x ", "{\"a\":1}", "null"}) {
    const Value v = Value::string(text);
    BOOST_TEST(type_text(v, DataType::kString, false).value.value().same_content(v), text);
  }
}

BOOST_AUTO_TEST_CASE(bytes_are_a_string_and_nothing_else) {
  const Value v = Value::bytes("\xFF");
  BOOST_TEST(type_text(v, DataType::kString, false).value.value().same_content(v));
  for (const DataType type : {DataType::kInteger, DataType::kNumber, DataType::kBoolean, DataType::kArray}) {
    const TypedText t = type_text(v, type, false);
    BOOST_TEST(!t.value.has_value());
    BOOST_TEST(t.problem == "must be " +
                                std::string(type == DataType::kInteger   ? "an integer"
                                            : type == DataType::kNumber  ? "a number"
                                            : type == DataType::kBoolean ? "a boolean"
                                                                         : "an array") +
                                ", not bytes that are not text");
    BOOST_TEST(t.hint == "Text is UTF-8.");
  }
}

BOOST_AUTO_TEST_CASE(an_integer_is_decimal_digits_within_64_bits) {
  BOOST_TEST(typed("42", DataType::kInteger) == "42");
  BOOST_TEST(typed("-7", DataType::kInteger) == "-7");
  BOOST_TEST(typed("007", DataType::kInteger) == "7");
  BOOST_TEST(typed("-9223372036854775808", DataType::kInteger) == "-9223372036854775808");
  BOOST_TEST(typed("18446744073709551615", DataType::kInteger) == "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(other_text_is_no_integer) {
  for (const std::string text : {"", "+1", " 1", "1 ", "1e3", "1.0", "0x10", "1_000", "-", "18446744073709551616",
                                 "-9223372036854775809", "abc"}) {
    BOOST_TEST(typed(text, DataType::kInteger) ==
               "must be an integer, not \"" + text +
                   "\" | An integer is decimal digits only, from -9223372036854775808 to 18446744073709551615.");
  }
}

BOOST_AUTO_TEST_CASE(a_number_is_written_as_in_json) {
  BOOST_TEST(typed("42", DataType::kNumber) == "42");
  BOOST_TEST(typed("-0.5", DataType::kNumber) == "-0.5");
  BOOST_TEST(typed("1e3", DataType::kNumber) == "1000.0");
  BOOST_TEST(typed("0.1", DataType::kNumber) == "0.1");
}

BOOST_AUTO_TEST_CASE(other_text_is_no_number) {
  for (const std::string text : {"", "+1", " 1", "1 ", ".5", "1.", "01", "NaN", "inf", "Infinity", "1e400", "1,5",
                                 "\xEF\xBB\xBF"
                                 "1"}) {
    BOOST_TEST(typed(text, DataType::kNumber) ==
               "must be a number, not \"" + text +
                   "\" | A number is written like 42, -0.5 or 1e3 and fits a 64-bit float.");
  }
}

BOOST_AUTO_TEST_CASE(a_boolean_is_true_or_false) {
  BOOST_TEST(typed("true", DataType::kBoolean) == "true");
  BOOST_TEST(typed("false", DataType::kBoolean) == "false");
}

BOOST_AUTO_TEST_CASE(what_people_mean_by_true_and_false_is_a_hint) {
  for (const std::string text : {"1", "yes", "YES", "y", "on", "T", "True"}) {
    BOOST_TEST(typed(text, DataType::kBoolean) ==
               "must be a boolean, not \"" + text + "\" | Did you mean \"true\"? Write true or false.");
  }
  for (const std::string text : {"0", "no", "N", "Off", "f", "FALSE"}) {
    BOOST_TEST(typed(text, DataType::kBoolean) ==
               "must be a boolean, not \"" + text + "\" | Did you mean \"false\"? Write true or false.");
  }
  BOOST_TEST(typed("maybe", DataType::kBoolean) == "must be a boolean, not \"maybe\" | Write true or false.");
}

BOOST_AUTO_TEST_CASE(objects_and_arrays_are_json_text) {
  BOOST_TEST(typed(" {\"a\": [1]} ", DataType::kObject) == R"({"a":[1]})");
  BOOST_TEST(typed("[1, \"x\"]\n", DataType::kArray) == R"([1,"x"])");
}

BOOST_AUTO_TEST_CASE(json_of_another_kind_is_named) {
  BOOST_TEST(typed("[]", DataType::kObject) ==
             R"(must be an object, not an array | Give JSON, like {"key": "value"}.)");
  BOOST_TEST(typed("\"x\"", DataType::kArray) == R"(must be an array, not a string | Give JSON, like ["a", "b"].)");
}

BOOST_AUTO_TEST_CASE(malformed_json_is_placed_by_line_and_column) {
  BOOST_TEST(typed("{\n \"a\": x}", DataType::kObject) ==
             R"(must be an object: 2:7: invalid JSON: unexpected 'x' | Give JSON, like {"key": "value"}.)");
  BOOST_TEST(typed(" ", DataType::kArray) ==
             R"(must be an array: there is no JSON here: the text is empty | Give JSON, like ["a", "b"].)");
}

BOOST_AUTO_TEST_CASE(json_deeper_than_a_document_is_refused) {
  BOOST_TEST(typed(std::string(65, '[') + std::string(65, ']'), DataType::kArray) ==
             R"(must be an array: 1:65: the JSON is nested more than 64 levels deep | Give JSON, like ["a", "b"].)");
}

BOOST_AUTO_TEST_CASE(a_long_text_is_shortened) {
  BOOST_TEST(typed(std::string(100, 'x'), DataType::kBoolean) ==
             "must be a boolean, not \"" + std::string(80, 'x') + "... (100 bytes)\" | Write true or false.");
}

BOOST_AUTO_TEST_CASE(no_message_holds_a_secret) {
  BOOST_TEST(typed("hunter2", DataType::kInteger, true) ==
             "must be an integer, not the secret text that was given | An integer is decimal digits only, from "
             "-9223372036854775808 to 18446744073709551615.");
  BOOST_TEST(typed("hunter2", DataType::kNumber, true) ==
             "must be a number, not the secret text that was given | A number is written like 42, -0.5 or 1e3 and fits "
             "a 64-bit float.");
  BOOST_TEST(typed("yes", DataType::kBoolean, true) ==
             "must be a boolean, not the secret text that was given | Write true or false.");
  BOOST_TEST(typed(R"({"hunter2":1,"hunter2":2})", DataType::kObject, true) ==
             R"(must be an object: 1:22: the text is not JSON | Give JSON, like {"key": "value"}.)");
}

BOOST_AUTO_TEST_CASE(undeclared_text_is_typed_by_its_look) {
  BOOST_TEST(looks("42") == "42");
  BOOST_TEST(looks("-1") == "-1");
  BOOST_TEST(looks("1.5") == "1.5");
  BOOST_TEST(looks("1e3") == "1000.0");
  BOOST_TEST(looks("true") == "true");
  BOOST_TEST(looks("false") == "false");
  BOOST_TEST(looks("null") == "null");
  BOOST_TEST(looks("[1, 2]") == "[1,2]");
  BOOST_TEST(looks(" {\"a\": null}") == R"({"a":null})");
}

BOOST_AUTO_TEST_CASE(undeclared_text_that_looks_like_nothing_stays_text) {
  BOOST_TEST(looks("") == R"("")");
  BOOST_TEST(looks("007") == R"("007")");
  BOOST_TEST(looks("+1") == R"("+1")");
  BOOST_TEST(looks(" 1") == R"(" 1")");
  BOOST_TEST(looks("True") == R"("True")");
  BOOST_TEST(looks("\"x\"") == R"("\"x\"")");
  BOOST_TEST(looks("[not json") == R"("[not json")");
  BOOST_TEST(looks("1e400") == R"("1e400")");
  BOOST_TEST(looks("99999999999999999999") == R"("99999999999999999999")");
  BOOST_TEST((type_by_look(Value::bytes("1")).type() == Value::Type::kBytes));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
