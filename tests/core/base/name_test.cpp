#include "core/base/name.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(name)

BOOST_AUTO_TEST_CASE(a_name_is_what_a_template_can_say) {
  for (const std::string_view name : {"a", "_", "A9", "get-page_2", "a-", "__metrics__"})
    BOOST_TEST(is_name(name), name);
  for (const std::string_view text : {"", "9a", "-a", "a b", "a.b", "a[0]", "\xC3\xA4", "a\n", "${a}"})
    BOOST_TEST(!is_name(text), text);
}

BOOST_AUTO_TEST_CASE(a_name_ends_where_another_letter_begins) {
  BOOST_TEST(name_length("ab-9.c") == 4u);
  BOOST_TEST(name_length("a[0]") == 1u);
  BOOST_TEST(name_length(".a") == 0u);
  BOOST_TEST(name_length("") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
