#include "host/cli/text_table.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

BOOST_AUTO_TEST_SUITE(text_table)

BOOST_AUTO_TEST_CASE(columns_are_as_wide_as_their_widest_cell) {
  BOOST_TEST(host::text_table(
                 {{"NAME"}, {"N", true}, {"NOTE"}},
                 {{.cells = {"caf\xC3\xA9 x", "7", ""}}, {.cells = {"a", "1,234", "more"}, .below = "  why\n"}}) ==
             "NAME        N  NOTE\n"
             "caf\xC3\xA9 x      7\n"
             "a       1,234  more\n"
             "  why\n");
}

BOOST_AUTO_TEST_CASE(a_column_without_content_is_left_out) {
  BOOST_TEST(host::text_table({{"A"}, {"EMPTY"}, {"B"}}, {{.cells = {"1", "", "2"}}}) == "A  B\n1  2\n");
}

BOOST_AUTO_TEST_CASE(colour_takes_no_room) {
  BOOST_TEST(host::text_table({{""}, {"B"}}, {{.cells = {"ok", "x"}, .color = "\x1b[32m"}, {.cells = {"FAIL", "y"}}}) ==
             "      B\n\x1b[32mok\x1b[0m    x\nFAIL  y\n");
}

BOOST_AUTO_TEST_CASE(without_rows_there_is_no_table) {
  BOOST_TEST(host::text_table({{"A"}}, {}) == "");
}

BOOST_AUTO_TEST_CASE(one_line_is_harmless_and_short) {
  BOOST_TEST(one_line("a\nb\tc\x1b[31m", 40) == "a b c\\x1b[31m");
  BOOST_TEST(one_line("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 5) == "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9");
  BOOST_TEST(one_line("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 5) == "\xC3\xA9\xC3\xA9...");
  BOOST_TEST(one_line(std::string(1000, 'x'), 10) == "xxxxxxx...");
  BOOST_TEST(one_line(std::string(100, '\n'), 5) == "  ...");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
