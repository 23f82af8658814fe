#include "host/cli/exit_code.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

Error of(Code code) {
  Error e;
  e.code = code;
  return e;
}

int code_of(const Problems& problems) {
  return static_cast<int>(exit_code_of(problems));
}

BOOST_AUTO_TEST_SUITE(exit_code)

BOOST_AUTO_TEST_CASE(no_problem_is_success) {
  BOOST_TEST(code_of({}) == 0);
}

BOOST_AUTO_TEST_CASE(plugins_alone_to_blame_is_four) {
  BOOST_TEST(code_of({of(Code::kUnknownNodeType), of(Code::kPluginRefused)}) == 4);
}

BOOST_AUTO_TEST_CASE(a_document_problem_beside_a_plugin_problem_is_three_in_either_order) {
  BOOST_TEST(code_of({of(Code::kUnknownNodeType), of(Code::kUnknownKey)}) == 3);
  BOOST_TEST(code_of({of(Code::kUnknownKey), of(Code::kUnknownNodeType)}) == 3);
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_comes_first) {
  BOOST_TEST(code_of({of(Code::kUnknownKey), of(Code::kUsage)}) == 2);
}

BOOST_AUTO_TEST_CASE(a_run_that_failed_is_one_unless_a_plugin_is_broken) {
  BOOST_TEST(static_cast<int>(exit_code_of_run(of(Code::kNodeFailed))) == 1);
  BOOST_TEST(static_cast<int>(exit_code_of_run(of(Code::kInvalidParameter))) == 1);
  BOOST_TEST(static_cast<int>(exit_code_of_run(of(Code::kPluginBroken))) == 4);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
