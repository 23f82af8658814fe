#include "core/trace/pointer_steps.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::trace {
namespace {

BOOST_AUTO_TEST_SUITE(pointer_steps)

BOOST_AUTO_TEST_CASE(a_pointer_is_taken_apart_and_unescaped) {
  BOOST_TEST((*trace::pointer_steps("/a~1b/~0~01//é") == std::vector<std::string>{"a/b", "~~1", "", "é"}));
  BOOST_TEST(trace::pointer_steps("")->empty());
  BOOST_TEST((*trace::pointer_steps("/") == std::vector<std::string>{""}));
}

BOOST_AUTO_TEST_CASE(what_is_no_pointer_is_refused) {
  for (const std::string_view wrong : {"a", "#/a", "/~", "/~2", "/a~/b"})
    BOOST_TEST(!trace::pointer_steps(wrong).has_value());
}

BOOST_AUTO_TEST_CASE(a_pointer_deeper_than_any_file_is_refused) {
  BOOST_TEST(trace::pointer_steps(std::string(kMaxPointerSteps, '/')).has_value());
  BOOST_TEST(!trace::pointer_steps(std::string(kMaxPointerSteps + 1, '/')).has_value());
}

BOOST_AUTO_TEST_CASE(a_step_into_an_array_is_a_plain_number) {
  BOOST_TEST(*array_index("0") == 0U);
  BOOST_TEST(*array_index("411") == 411U);
  for (const std::string_view wrong : {"", "01", "-1", "+1", "1x", " 1", "99999999999999999999"})
    BOOST_TEST(!array_index(wrong).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::trace
