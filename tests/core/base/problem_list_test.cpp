#include "core/base/problem_list.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(problem_list)

BOOST_AUTO_TEST_CASE(problems_beyond_the_limit_are_told_by_one) {
  Problems problems{{.code = Code::kIo, .message = "an earlier one"}};
  ProblemList list("flow.json", problems);
  BOOST_TEST(list.empty());
  for (std::size_t i = 0; i < ProblemList::kMaxProblems; ++i)
    list.add({.code = Code::kUnknownNode, .message = "m"});
  BOOST_TEST(!list.empty());
  BOOST_TEST(!list.full());
  BOOST_TEST(problems.size() == 1001u);
  list.add({.code = Code::kUnknownNode, .message = "m"});
  list.add({.code = Code::kUnknownNode, .message = "m"});
  BOOST_TEST(list.full());
  BOOST_REQUIRE(problems.size() == 1002u);
  BOOST_TEST((problems.back() == Error{.code = Code::kInvalidValue,
                                       .message = "there are more than 1000 problems, and the rest are not listed",
                                       .where = "flow.json"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
