#include "core/base/json_pointer.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(json_pointer)

BOOST_AUTO_TEST_CASE(a_step_escapes_tilde_and_slash) {
  BOOST_TEST(pointer_to("", "a") == "/a");
  BOOST_TEST(pointer_to("/x", "a/b~c~1") == "/x/a~1b~0c~01");
  BOOST_TEST(pointer_to("/x", "") == "/x/");
  BOOST_TEST(pointer_to("", "\xC3\xA4 \"") == "/\xC3\xA4 \"");
}

BOOST_AUTO_TEST_CASE(a_step_is_appended_in_place) {
  std::string pointer = "/x";
  append_pointer_step("y", pointer);
  BOOST_TEST(pointer == "/x/y");
}

BOOST_AUTO_TEST_CASE(a_step_of_an_absurd_length_is_shortened) {
  BOOST_TEST(pointer_to("", std::string(200, 'k')) == '/' + std::string(200, 'k'));
  BOOST_TEST(pointer_to("", std::string(5000, 'k')) == '/' + std::string(200, 'k') + "... (5000 bytes)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
