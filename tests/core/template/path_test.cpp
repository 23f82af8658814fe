#include "core/template/path.hpp"

#include <cstdint>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(path)

// A path taken apart: "head" then "/key" or "#index" for each step.
std::string parts(std::string_view text) {
  const std::optional<Path> path = parse_path(text);
  if (!path) return "no path";
  std::string out = path->head;
  for (const PathStep& step : path->steps)
    out += step.is_index() ? "#" + std::to_string(step.index) : "/" + step.key;
  return out;
}

std::string prefix(std::string_view text) {
  std::size_t used = 99;
  const std::optional<Path> path = parse_path_prefix(text, used);
  return path ? path->text + " " + std::to_string(used) : "none " + std::to_string(used);
}

BOOST_AUTO_TEST_CASE(a_path_is_names_and_positions) {
  BOOST_TEST(parts("a") == "a");
  BOOST_TEST(parts("a.b.c") == "a/b/c");
  BOOST_TEST(parts("a[0]") == "a#0");
  BOOST_TEST(parts("a[0][12].b[3].c") == "a#0#12/b#3/c");
  BOOST_TEST(parts("_a-b9.C_d-") == "_a-b9/C_d-");
}

BOOST_AUTO_TEST_CASE(a_name_begins_with_a_letter_or_an_underscore) {
  for (const std::string_view text : {"", "1", "1a", "-a", ".a", "a.", "a..b", "a.1", "a.-b", "[0]", "a.[0]", " a",
                                      "a ", "a b", "#a", "gr\u00FCn", "a/b", "a:b", "a$"})
    BOOST_TEST(parts(text) == "no path", text);
}

BOOST_AUTO_TEST_CASE(a_position_is_digits_in_brackets) {
  for (const std::string_view text :
       {"a[", "a[]", "a[1", "a[x]", "a[-1]", "a[+1]", "a[ 1]", "a[1 ]", "a[1.5]", "a[0x1]", "a[\"b\"]", "a[0]b", "a]"})
    BOOST_TEST(parts(text) == "no path", text);
  BOOST_TEST(parts("a[007]") == "a#7");
  BOOST_TEST(parts("a[18446744073709551615]") == "a#18446744073709551615");
}

BOOST_AUTO_TEST_CASE(a_position_beyond_every_machine_is_beyond_every_array) {
  BOOST_TEST(parts("a[99999999999999999999999].b") == "a#" + std::to_string(SIZE_MAX) + "/b");
  BOOST_TEST(parts("a[99999999999999999999999") == "no path");
}

BOOST_AUTO_TEST_CASE(the_text_is_kept_as_written) {
  BOOST_TEST(parse_path("a[007].b")->text == "a[007].b");
}

BOOST_AUTO_TEST_CASE(the_longest_path_in_front_is_taken) {
  BOOST_TEST(prefix("a.b}") == "a.b 3");
  BOOST_TEST(prefix("a.b.}") == "a.b 3");
  BOOST_TEST(prefix("a.b.1") == "a.b 3");
  BOOST_TEST(prefix("a[1][x]") == "a[1] 4");
  BOOST_TEST(prefix("a:-b") == "a 1");
  BOOST_TEST(prefix("x-y") == "x-y 3");
  BOOST_TEST(prefix("}") == "none 0");
  BOOST_TEST(prefix("") == "none 0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
