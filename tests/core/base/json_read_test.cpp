#include "core/base/json_read.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/ir/problem_text.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(json_read)

using namespace std::string_view_literals;

// All that is said about a text that is refused: "code | where | message | hint | node".
std::string error_of(std::string_view text, JsonLimits limits = {}) {
  const Result<Value> v = read_json(text, "t", limits);
  return v ? "read: " + to_json(*v) : ir::text_of({v.error()});
}

std::string members(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  return out;
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_read) {
  const Value v = json(R"({"n": null, "t": true, "f": false, "i": -7, "d": 1.5, "s": "x", "a": [1, []], "o": {}})");
  BOOST_TEST(to_json(v) == R"({"n":null,"t":true,"f":false,"i":-7,"d":1.5,"s":"x","a":[1,[]],"o":{}})");
}

BOOST_AUTO_TEST_CASE(a_scalar_alone_is_a_document) {
  BOOST_TEST(to_json(json(" null ")) == "null");
  BOOST_TEST(to_json(json("0")) == "0");
  BOOST_TEST(to_json(json("-12.25")) == "-12.25");
  BOOST_TEST(to_json(json("\"\"")) == "\"\"");
}

BOOST_AUTO_TEST_CASE(containers_inside_containers_keep_their_places) {
  const std::string text = R"([[1,[2,[3]],4],{"a":[{"b":1},{"c":[5,6]}],"d":{"e":{"f":[]}}},7])";
  BOOST_TEST(to_json(json(text)) == text);
}

BOOST_AUTO_TEST_CASE(integers_are_exact_to_the_last_of_64_bits) {
  for (const std::string_view text : {"0", "9007199254740993", "-9007199254740993", "9223372036854775807",
                                      "-9223372036854775808", "9223372036854775808", "18446744073709551615"})
    BOOST_TEST(to_json(json(text)) == text);
  BOOST_TEST((json("9223372036854775807").type() == Value::Type::kInt));
  BOOST_TEST((json("9223372036854775808").type() == Value::Type::kUint));
}

BOOST_AUTO_TEST_CASE(an_integer_beyond_64_bits_is_the_nearest_double) {
  BOOST_TEST(json("18446744073709551616").as_float() == 18446744073709551616.0);
  BOOST_TEST(json("-9223372036854775809").as_float() == -9223372036854775808.0);
  BOOST_TEST(json("1" + std::string(300, '0')).as_float() == 1e300);
}

BOOST_AUTO_TEST_CASE(a_number_with_a_fraction_is_the_nearest_double) {
  const std::vector<std::pair<std::string_view, double>> numbers{
      {"0.1", 0.1},
      {"1e2", 100.0},
      {"1E+2", 100.0},
      {"2.2250738585072014e-308", 2.2250738585072014e-308},
      {"4.9e-324", 4.9e-324},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"8.5", 8.5},
      {"0.30000000000000004", 0.30000000000000004},
      {"9007199254740993.0", 9007199254740992.0},
      {"1.00000000000000011102230246251565404236316680908203126", 1.0000000000000002},
      {"100000000000000000000000000000000000000000000000000e-50", 1.0},
      {"0.000000000000000000000000000000000000000000000000001e51", 1.0}};
  for (const auto& n : numbers) {
    BOOST_TEST((json(n.first).type() == Value::Type::kFloat), n.first);
    BOOST_TEST(json(n.first).as_float() == n.second, n.first);
  }
}

BOOST_AUTO_TEST_CASE(a_number_too_small_for_a_double_is_zero_of_its_sign) {
  for (const std::string_view text : {"1e-400", "0.5e-400", "1e-99999", "0e400", "0.0"})
    BOOST_TEST(error_of(text) == "read: 0.0", text);
  BOOST_TEST(error_of("-1e-400") == "read: -0.0");
}

BOOST_AUTO_TEST_CASE(a_number_too_large_for_a_double_is_an_error) {
  for (const std::string_view number : {"1e400", "-1e400", "0.5e400", "1e309", "1e99999"}) {
    const std::string error = error_of("[" + std::string(number) + "]");
    BOOST_TEST(error.starts_with("invalid_json | t:1:"), number << ": " << error);
    BOOST_TEST(error.ends_with(" | a number is too large for a 64-bit float |  | \n"), number << ": " << error);
  }
}

BOOST_AUTO_TEST_CASE(an_exponent_that_no_machine_counts_is_an_error) {
  for (const std::string_view number : {"1e99999999999", "1e-99999999999", "0e99999999999"}) {
    const std::string error = error_of(number);
    BOOST_TEST(error.ends_with(" | a number has an exponent that is out of range |  | \n"), number << ": " << error);
  }
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_a_number_is_refused) {
  const std::vector<std::pair<std::string_view, std::string_view>> texts{
      {"01", "1:2 | the JSON document has ended, but '1' follows"},
      {"[01]", "1:3 | invalid JSON: unexpected '1'"},
      {"+1", "1:1 | invalid JSON: unexpected '+'"},
      {".5", "1:1 | invalid JSON: unexpected '.'"},
      {"[1.]", "1:4 | invalid JSON: unexpected ']'"},
      {"[1e]", "1:4 | invalid JSON: unexpected ']'"},
      {"[-]", "1:3 | invalid JSON: unexpected ']'"},
      {"NaN", "1:1 | invalid JSON: unexpected 'N'"},
      {"[-Infinity]", "1:3 | invalid JSON: unexpected 'I'"},
      {"0x10", "1:2 | the JSON document has ended, but 'x' follows"}};
  for (const auto& text : texts)
    BOOST_TEST(error_of(text.first) == "invalid_json | t:" + std::string(text.second) + " |  | \n", text.first);
}

BOOST_AUTO_TEST_CASE(strings_keep_their_characters_and_escapes_are_read) {
  BOOST_TEST(json(R"("\"\\\/\b\f\n\r\t")").text() == "\"\\/\b\f\n\r\t");
  BOOST_TEST(json(R"("\u0041\u00fc\u20AC\u0000z")").text() == "A\u00FC\u20AC\0z"sv);
  BOOST_TEST(json("\"gr\u00FCn \u65E5\u672C \U0001F600\"").text() == "gr\u00FCn \u65E5\u672C \U0001F600");
}

BOOST_AUTO_TEST_CASE(escapes_in_keys_are_read_and_long_texts_in_one_piece) {
  const std::string lengthy(10'000, 'x');
  const Value v = json("{\"a\\u0062\": \"" + lengthy + "\\n" + lengthy + "\", \"" + lengthy + "\\t\": 1}");
  BOOST_TEST(v.find("ab")->text() == lengthy + "\n" + lengthy);
  BOOST_TEST(v.find(lengthy + "\t")->as_int() == 1);
}

BOOST_AUTO_TEST_CASE(a_pair_of_surrogates_is_one_character_and_a_lone_one_is_refused) {
  BOOST_TEST(json(R"("\uD83D\uDE00")").text() == "\U0001F600");
  BOOST_TEST(error_of(R"(["\uD83D"])") == "invalid_json | t:1:9 | invalid JSON: unexpected '\"' |  | \n");
  BOOST_TEST(error_of(R"(["\uD83D\u0041"])") ==
             "invalid_json | t:1:11 | invalid JSON: illegal trailing surrogate |  | \n");
  BOOST_TEST(error_of(R"(["\uDE00"])") == "invalid_json | t:1:9 | invalid JSON: illegal trailing surrogate |  | \n");
}

BOOST_AUTO_TEST_CASE(an_escape_that_json_does_not_have_is_refused) {
  BOOST_TEST(error_of(R"(["\x41"])") == "invalid_json | t:1:4 | invalid JSON: unexpected 'x' |  | \n");
  BOOST_TEST(error_of(R"(["\u00g1"])") == "invalid_json | t:1:7 | invalid JSON: expected hex digit |  | \n");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused_where_it_stands) {
  BOOST_TEST(error_of("[\"a\xFF\"]") == "invalid_json | t:1:4 | invalid JSON: the text is not UTF-8 at byte 0xff |  | \n");
  BOOST_TEST(error_of("[\"\xC0\xAF\"]") == "invalid_json | t:1:3 | invalid JSON: the text is not UTF-8 at byte 0xc0 |  | \n");
  BOOST_TEST(error_of("[\"\xED\xA0\x80\"]") == "invalid_json | t:1:3 | invalid JSON: the text is not UTF-8 at byte 0xed |  | \n");
  BOOST_TEST(error_of("{\"\xE2\x82\": 1}") == "invalid_json | t:1:3 | invalid JSON: the text is not UTF-8 at byte 0xe2 |  | \n");
}

BOOST_AUTO_TEST_CASE(a_control_character_in_a_string_is_refused) {
  BOOST_TEST(error_of("[\"a\nb\"]") == "invalid_json | t:1:4 | invalid JSON: unexpected byte 0x0a |  | \n");
  BOOST_TEST(error_of("[\"\0\"]"sv) == "invalid_json | t:1:3 | invalid JSON: unexpected byte 0x00 |  | \n");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_in_front_is_skipped_and_counted_in_columns) {
  BOOST_TEST(to_json(json("\xEF\xBB\xBF{\"a\": 1}")) == R"({"a":1})");
  BOOST_TEST(error_of("\xEF\xBB\xBF[x]") == "invalid_json | t:1:5 | invalid JSON: unexpected 'x' |  | \n");
  BOOST_TEST(error_of("[1\xEF\xBB\xBF]") == "invalid_json | t:1:3 | invalid JSON: unexpected byte 0xef |  | \n");
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_told_apart_from_a_broken_one) {
  const std::string empty = "invalid_json | t | there is no JSON here: the text is empty |  | \n";
  BOOST_TEST(error_of("") == empty);
  BOOST_TEST(error_of(" \t\r\n") == empty);
  BOOST_TEST(error_of("\xEF\xBB\xBF") == empty);
}

BOOST_AUTO_TEST_CASE(a_key_that_occurs_twice_is_an_error_in_objects_of_any_width) {
  for (const std::size_t width : {1u, 2u, 15u, 16u, 17u, 18u, 500u}) {
    for (const std::size_t again : {std::size_t{0}, width - 1}) {
      const std::string text = "{" + members(width) + ",\"k" + std::to_string(again) + "\":0}";
      const std::string column = std::to_string(text.size() - 3);
      BOOST_TEST(error_of(text) == "duplicate_key | t:1:" + column + " | the key \"k" + std::to_string(again) +
                                       "\" occurs twice in one object | Remove or rename one of the two. | \n");
    }
    BOOST_TEST(json("{" + members(width) + "}").size() == width);
  }
}

BOOST_AUTO_TEST_CASE(a_duplicate_is_seen_through_an_escape) {
  BOOST_TEST(error_of(R"({"ab":1,"a\u0062":2})") ==
             "duplicate_key | t:1:17 | the key \"ab\" occurs twice in one object | Remove or rename one of the two. | "
             "\n");
}

BOOST_AUTO_TEST_CASE(the_same_key_in_different_objects_is_no_duplicate) {
  const std::string wide = "{" + members(20) + "}";
  const std::string text = "[" + wide + "," + wide + R"(,{"k1":{"k1":{"k1":1}},"k2":[{"k2":1},{"k2":1}]}])";
  BOOST_TEST(to_json(json(text)) == text);
}

BOOST_AUTO_TEST_CASE(a_wide_object_inside_a_wide_object_is_searched_by_itself) {
  BOOST_TEST(error_of("{" + members(20) + ",\"in\":{" + members(20) + "},\"k3\":1}").starts_with("duplicate_key"));
  BOOST_TEST(json("{" + members(20) + ",\"in\":{" + members(20) + "},\"k20\":1}").size() == 22u);
}

BOOST_AUTO_TEST_CASE(nesting_has_a_limit) {
  const std::string fits = std::string(64, '[') + std::string(64, ']');
  BOOST_TEST(json(fits).depth() == 64u);
  BOOST_TEST(error_of("[" + fits + "]") == "too_deep | t:1:65 | the JSON is nested more than 64 levels deep |  | \n");
  BOOST_TEST(error_of("[[1]]", {.max_depth = 2}) == "read: [[1]]");
  BOOST_TEST(error_of(R"([{"a":[1]}])", {.max_depth = 2}) ==
             "too_deep | t:1:7 | the JSON is nested more than 2 levels deep |  | \n");
}

BOOST_AUTO_TEST_CASE(a_million_brackets_are_refused_and_not_followed) {
  BOOST_TEST(error_of(std::string(1'000'000, '[')).starts_with("too_deep | t:1:65 | "));
}

BOOST_AUTO_TEST_CASE(a_text_that_ends_too_early_says_so) {
  for (const std::string_view text : {"[", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "[1,", "\"abc", "\"a\\", "\"\\u00",
                                      "tru", "[nul", "-", "1.", "1e", "[\"\xC3"})
    BOOST_TEST(error_of(text).ends_with(" | the JSON ends too early: a string, object or array is not closed |  | \n"),
               text << " -> " << error_of(text));
  BOOST_TEST(error_of("{\"a\":\n [1, 2") ==
             "invalid_json | t:2:7 | the JSON ends too early: a string, object or array is not closed |  | \n");
}

BOOST_AUTO_TEST_CASE(what_follows_the_document_is_an_error) {
  BOOST_TEST(error_of("{} x") == "invalid_json | t:1:4 | the JSON document has ended, but 'x' follows |  | \n");
  BOOST_TEST(error_of("{}\n{}") == "invalid_json | t:2:1 | the JSON document has ended, but '{' follows |  | \n");
  BOOST_TEST(error_of("1\0"sv) ==
             "invalid_json | t:1:2 | the JSON document has ended, but byte 0x00 follows |  | \n");
}

BOOST_AUTO_TEST_CASE(a_wrong_character_is_named_with_its_place) {
  const std::vector<std::pair<std::string_view, std::string_view>> texts{
      {"{a: 1}", "1:2 | invalid JSON: unexpected 'a'"},      {"{'a': 1}", "1:2 | invalid JSON: unexpected '''"},
      {"{\"a\" 1}", "1:6 | invalid JSON: unexpected '1'"},   {"[1 2]", "1:4 | invalid JSON: unexpected '2'"},
      {"[1,]", "1:4 | invalid JSON: unexpected ']'"},        {"{\"a\":1,}", "1:8 | invalid JSON: unexpected '}'"},
      {"[1}", "1:3 | invalid JSON: unexpected '}'"},         {"[trux]", "1:2 | invalid JSON: unexpected 't'"},
      {"// note\n[]", "1:1 | invalid JSON: unexpected '/'"}, {"[\n\n  ?]", "3:3 | invalid JSON: unexpected '?'"},
      {"[\r\n?]", "2:1 | invalid JSON: unexpected '?'"}};
  for (const auto& text : texts)
    BOOST_TEST(error_of(text.first) == "invalid_json | t:" + std::string(text.second) + " |  | \n", text.first);
}

BOOST_AUTO_TEST_CASE(a_place_counts_lines_and_bytes_from_one) {
  const auto place = [](std::string_view text, std::size_t offset) {
    const TextPlace p = place_of(text, offset);
    return std::to_string(p.line) + ":" + std::to_string(p.column);
  };
  BOOST_TEST(place("", 0) == "1:1");
  BOOST_TEST(place("abc", 2) == "1:3");
  BOOST_TEST(place("a\nb", 1) == "1:2");
  BOOST_TEST(place("a\nb", 2) == "2:1");
  BOOST_TEST(place("a\n\n", 3) == "3:1");
  BOOST_TEST(place("\u00FCx", 2) == "1:3");
}

BOOST_AUTO_TEST_CASE(only_text_that_begins_like_a_container_is_worth_reading) {
  for (const std::string_view text : {"{}", "[1]", " \t\r\n{", "[broken"})
    BOOST_TEST(looks_like_json_container(text), text);
  for (const std::string_view text : {"", "  ", "1", "\"{}\"", "x{}", "null", "\xEF\xBB\xBF{}"})
    BOOST_TEST(!looks_like_json_container(text), text);
}

BOOST_AUTO_TEST_CASE(records_that_repeat_their_keys_share_the_keys_text) {
  const Value v = json(R"([{"name": 1}, {"name": 2}])");
  BOOST_TEST(v.items()[0].members()[0].key.same_content(v.items()[1].members()[0].key));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
