#include <array>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "core/ir/workflow.hpp"

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(data_type)

constexpr std::array kTypes{DataType::kString,  DataType::kNumber, DataType::kInteger,
                            DataType::kBoolean, DataType::kObject, DataType::kArray};

BOOST_AUTO_TEST_CASE(every_type_is_found_by_its_own_name) {
  for (const DataType type : kTypes)
    BOOST_TEST((data_type_from(data_type_name(type)) == type), data_type_name(type));
}

BOOST_AUTO_TEST_CASE(every_type_has_the_alias_that_pflow_gives_it) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kAliases{{{"str", "string"},
                                                                                   {"int", "integer"},
                                                                                   {"float", "number"},
                                                                                   {"bool", "boolean"},
                                                                                   {"dict", "object"},
                                                                                   {"list", "array"}}};
  for (const auto& alias : kAliases) {
    BOOST_REQUIRE(data_type_from(alias.first).has_value());
    BOOST_TEST(data_type_name(*data_type_from(alias.first)) == alias.second);
  }
}

BOOST_AUTO_TEST_CASE(another_word_or_another_letter_case_is_no_type) {
  for (const std::string_view word : {"", "String", "null", "any", "strin", "strings"})
    BOOST_TEST(!data_type_from(word).has_value(), word);
}

BOOST_AUTO_TEST_CASE(the_words_are_exactly_those_that_name_a_type) {
  BOOST_TEST(data_type_words().size() == 12u);
  for (const std::string_view word : data_type_words())
    BOOST_TEST(data_type_from(word).has_value(), word);
}

BOOST_AUTO_TEST_CASE(a_value_has_the_types_that_it_is_of_and_no_other) {
  const std::array<std::pair<Value, std::string_view>, 9> kValues{{{Value(), ""},
                                                                   {Value::boolean(false), "boolean"},
                                                                   {Value::integer(std::int64_t{-1}), "number integer"},
                                                                   {Value::integer(UINT64_MAX), "number integer"},
                                                                   {Value::number(2.0), "number"},
                                                                   {Value::string("2"), "string"},
                                                                   {Value::bytes("2"), ""},
                                                                   {Value::array({}), "array"},
                                                                   {Value::object({}), "object"}}};
  for (const auto& v : kValues) {
    std::string types;
    for (const DataType type : kTypes) {
      if (!has_type(v.first, type)) continue;
      if (!types.empty()) types += ' ';
      types += data_type_name(type);
    }
    BOOST_TEST(types == v.second);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
