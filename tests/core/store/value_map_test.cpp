#include "core/store/value_map.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(value_map)

std::string keys_of(const ValueMap& map) {
  std::string out;
  for (const auto& [key, value] : map.entries())
    out += key + ' ';
  return out;
}

BOOST_AUTO_TEST_CASE(a_key_is_found_once_it_was_set) {
  ValueMap map;
  BOOST_TEST(map.empty());
  BOOST_TEST(map.find("a") == nullptr);
  map.set("a", Value::string("1"));
  BOOST_TEST(!map.empty());
  BOOST_REQUIRE(map.find("a") != nullptr);
  BOOST_TEST(map.find("a")->text() == "1");
  BOOST_TEST(map.find("A") == nullptr);
  BOOST_TEST(map.find("") == nullptr);
}

BOOST_AUTO_TEST_CASE(keys_keep_the_order_in_which_they_were_first_set) {
  ValueMap map;
  for (const std::string_view key : {"c", "a", "b", "d"})
    map.set(key, Value());
  map.set("a", Value::boolean(true));
  BOOST_TEST(keys_of(map) == "c a b d ");
  BOOST_TEST(map.find("a")->as_bool());
}

BOOST_AUTO_TEST_CASE(an_erased_key_is_gone_and_comes_back_at_the_end) {
  ValueMap map;
  for (const std::string_view key : {"a", "b", "c"})
    map.set(key, Value());
  map.erase("b");
  map.erase("b");
  map.erase("never there");
  BOOST_TEST(keys_of(map) == "a c ");
  map.set("b", Value());
  BOOST_TEST(keys_of(map) == "a c b ");
}

BOOST_AUTO_TEST_CASE(clearing_leaves_nothing) {
  ValueMap map;
  map.set("a", Value());
  map.clear();
  BOOST_TEST(map.empty());
  BOOST_TEST(map.find("a") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_value_is_shared_and_not_copied) {
  const Value v = Value::string("shared");
  ValueMap map;
  map.set("a", v);
  const ValueMap copy = map;
  BOOST_TEST(map.find("a")->same_content(v));
  BOOST_TEST(copy.find("a")->same_content(v));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
