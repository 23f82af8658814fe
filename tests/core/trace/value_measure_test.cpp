#include "core/trace/value_measure.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(value_measure)

// [x, x] with each x the same again, 300 times; two of them share nothing.
Value endless() {
  Value v = Value::string("x");
  for (int i = 0; i < 300; ++i) {
    std::vector<Value> twice{v, v};
    v = Value::array(twice);
  }
  return v;
}

BOOST_AUTO_TEST_CASE(a_values_text_is_estimated_within_a_few_bytes_an_item) {
  for (const std::string_view text :
       {R"("abc")", R"([1234, 5678])", R"({"a":"b","c":["d",null]})", R"([[],{},""])", "null"}) {
    const std::size_t exact = to_json(json(text)).size();
    const std::size_t estimate = text_bytes(json(text), 1000);
    BOOST_TEST(estimate >= exact / 2, text);
    BOOST_TEST(estimate <= exact + 10, text);
  }
}

BOOST_AUTO_TEST_CASE(an_endless_value_is_estimated_no_further_than_is_asked) {
  const std::size_t estimate = text_bytes(endless(), 1000);
  BOOST_TEST(estimate >= 1000u);
  BOOST_TEST(estimate < 2000u);
}

BOOST_AUTO_TEST_CASE(equal_values_are_equal_whether_they_share_anything_or_not) {
  for (const std::string_view text : {"1", "1.5", "\"x\"", R"([1,{"a":[true,null]}])", R"({"b":1,"a":2})"})
    BOOST_TEST(equal_soon(json(text), json(text)), text);
  BOOST_TEST(equal_soon(Value::bytes("\xFF"), Value::bytes("\xFF")));
}

BOOST_AUTO_TEST_CASE(values_that_differ_anywhere_are_not_equal) {
  const std::vector<std::string_view> texts{"1",   "2",     "1.0", "\"1\"",      "null",       "[]",
                                            "[1]", "[1,2]", "{}",  R"({"a":1})", R"({"a":2})", R"({"b":1})"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < texts.size(); ++j) {
      if (i != j) BOOST_TEST(!equal_soon(json(texts[i]), json(texts[j])), texts[i] << " " << texts[j]);
    }
  }
  BOOST_TEST(!equal_soon(Value::bytes("a"), Value::string("a")));
}

BOOST_AUTO_TEST_CASE(the_comparison_of_endless_values_is_given_up) {
  BOOST_TEST(!equal_soon(endless(), endless()));
  const Value v = endless();
  BOOST_TEST(equal_soon(v, v));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
