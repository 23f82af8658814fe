#include "core/ir/wording.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(wording)

BOOST_AUTO_TEST_CASE(two_underscores_in_front_are_reserved) {
  BOOST_TEST(is_reserved_name("__a"));
  BOOST_TEST(is_reserved_name("__"));
  BOOST_TEST(!is_reserved_name("_a__"));
}

BOOST_AUTO_TEST_CASE(quoted_text_stays_on_one_line_and_is_shortened) {
  BOOST_TEST(quoted("say \"hi\"\n\x1B[31m") == R"("say \"hi\"\n\u001b[31m")");
  BOOST_TEST(quoted("\xFF") == "\"\xEF\xBF\xBD\"");
  BOOST_TEST(quoted(std::string(100, 'x')) == '"' + std::string(80, 'x') + "... (100 bytes)\"");
}

BOOST_AUTO_TEST_CASE(every_type_has_a_phrase_for_sentences) {
  using Type = Value::Type;
  BOOST_TEST(phrase(Type::kNull) == "null");
  BOOST_TEST(phrase(Type::kBool) == "a boolean");
  BOOST_TEST(phrase(Type::kInt) == "an integer");
  BOOST_TEST(phrase(Type::kUint) == "an integer");
  BOOST_TEST(phrase(Type::kFloat) == "a number with a fraction or exponent");
  BOOST_TEST(phrase(Type::kString) == "a string");
  BOOST_TEST(phrase(Type::kBytes) == "bytes that are not text");
  BOOST_TEST(phrase(Type::kArray) == "an array");
  BOOST_TEST(phrase(Type::kObject) == "an object");
  BOOST_TEST(phrase(DataType::kString) == "a string");
  BOOST_TEST(phrase(DataType::kNumber) == "a number");
  BOOST_TEST(phrase(DataType::kInteger) == "an integer");
  BOOST_TEST(phrase(DataType::kBoolean) == "a boolean");
  BOOST_TEST(phrase(DataType::kObject) == "an object");
  BOOST_TEST(phrase(DataType::kArray) == "an array");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
