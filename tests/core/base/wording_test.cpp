#include "core/base/wording.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(wording)

BOOST_AUTO_TEST_CASE(a_types_name_has_its_article) {
  BOOST_TEST(with_article("integer") == "an integer");
  BOOST_TEST(with_article("array") == "an array");
  BOOST_TEST(with_article("object") == "an object");
  BOOST_TEST(with_article("string") == "a string");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_counted_stands_alone) {
  BOOST_TEST(with_article("null") == "null");
  BOOST_TEST(with_article("bytes") == "bytes");
  BOOST_TEST(with_article("") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
