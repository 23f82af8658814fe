#include "core/base/value.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(value)

using namespace std::string_view_literals;

Value wide_object(std::size_t members) {
  std::vector<Member> out;
  for (std::size_t i = 0; i < members; ++i) {
    // Not in the order of the names: 7 is prime to every size that is used here.
    const std::size_t k = i * 7 % members;
    out.push_back({Value::string("key" + std::to_string(k)), Value::integer(std::uint64_t{k})});
  }
  return Value::object(out);
}

BOOST_AUTO_TEST_CASE(a_value_takes_16_bytes_and_begins_as_null) {
  BOOST_TEST(sizeof(Value) == 16u);
  BOOST_TEST(Value().is_null());
  BOOST_TEST(Value().size() == 0u);
  BOOST_TEST(Value().depth() == 0u);
}

BOOST_AUTO_TEST_CASE(every_type_has_a_name_and_its_own_questions) {
  struct Row {
    Value v;
    Value::Type type;
    std::string_view name;
    std::size_t size;
  };

  std::array<Value, 2> items;
  std::array<Member, 1> members{Member{Value::string("k"), Value()}};
  const std::vector<Row> rows{
      {Value(), Value::Type::kNull, "null", 0},
      {Value::boolean(true), Value::Type::kBool, "boolean", 0},
      {Value::integer(std::int64_t{-1}), Value::Type::kInt, "integer", 0},
      {Value::integer(UINT64_MAX), Value::Type::kUint, "integer", 0},
      {Value::number(0.5), Value::Type::kFloat, "number", 0},
      {Value::string("text"), Value::Type::kString, "string", 4},
      {Value::bytes("\xFF\x00"sv), Value::Type::kBytes, "bytes", 2},
      {Value::array(items), Value::Type::kArray, "array", 2},
      {Value::object(members), Value::Type::kObject, "object", 1},
  };
  for (const Row& row : rows) {
    BOOST_TEST((row.v.type() == row.type), row.name);
    BOOST_TEST(type_name(row.v) == row.name);
    BOOST_TEST(row.v.size() == row.size, row.name);
    BOOST_TEST(row.v.is_null() == (row.type == Value::Type::kNull));
    BOOST_TEST(row.v.is_string() == (row.type == Value::Type::kString));
    BOOST_TEST(row.v.is_array() == (row.type == Value::Type::kArray));
    BOOST_TEST(row.v.is_object() == (row.type == Value::Type::kObject));
    BOOST_TEST(row.v.is_integer() == (row.name == "integer"));
    BOOST_TEST(row.v.is_number() == (row.name == "integer" || row.name == "number"));
  }
  BOOST_TEST(type_name(static_cast<Value::Type>(99)) == "unknown");
}

BOOST_AUTO_TEST_CASE(integers_are_exact_up_to_64_bits_and_signed_when_they_fit) {
  BOOST_TEST(Value::integer(INT64_MIN).as_int() == INT64_MIN);
  const auto largest_signed = static_cast<std::uint64_t>(INT64_MAX);
  BOOST_TEST((Value::integer(largest_signed).type() == Value::Type::kInt));
  BOOST_TEST((Value::integer(largest_signed + 1).type() == Value::Type::kUint));
  BOOST_TEST(Value::integer(UINT64_MAX).as_uint() == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(any_number_reads_as_a_double) {
  BOOST_TEST(Value::integer(std::int64_t{-3}).as_double() == -3.0);
  BOOST_TEST(Value::integer(UINT64_MAX).as_double() == 18446744073709551615.0);
  BOOST_TEST(Value::number(0.25).as_double() == 0.25);
}

BOOST_AUTO_TEST_CASE(a_copy_shares_the_content_and_outlives_the_original) {
  auto original = std::make_unique<Value>(Value::string("shared"));
  const Value copy = *original;
  BOOST_TEST(copy.same_content(*original));
  BOOST_TEST((copy.text().data() == original->text().data()));
  original.reset();
  BOOST_TEST(copy.text() == "shared");
}

BOOST_AUTO_TEST_CASE(a_part_outlives_the_whole) {
  Value part;
  {
    const Value whole = json(R"({"a": {"b": ["deep text"]}, "c": 1})");
    part = whole.find("a")->find("b")->items()[0];
    BOOST_TEST(part.same_content(whole.find("a")->find("b")->items()[0]));
  }
  BOOST_TEST(part.text() == "deep text");
}

BOOST_AUTO_TEST_CASE(one_part_may_stand_in_many_wholes) {
  Value shared = json("[1, 2, 3]");
  std::vector<Value> wholes;
  for (int i = 0; i < 100; ++i) {
    std::array<Value, 2> items{shared, shared};
    wholes.push_back(Value::array(items));
  }
  for (const Value& whole : wholes)
    BOOST_TEST(whole.items()[0].same_content(whole.items()[1]));
  wholes.clear();
  BOOST_TEST((shared == json("[1, 2, 3]")));
}

BOOST_AUTO_TEST_CASE(a_value_is_assigned_to_itself_and_moved_without_harm) {
  Value v = Value::string("mine");
  const Value& same = v;
  v = same;
  BOOST_TEST(v.text() == "mine");
  Value moved = std::move(v);
  BOOST_TEST(moved.text() == "mine");
  v = std::move(moved);
  BOOST_TEST(v.text() == "mine");
}

BOOST_AUTO_TEST_CASE(a_value_may_be_replaced_by_its_own_part) {
  Value v = json(R"({"a": {"b": "inside"}})");
  v = *v.find("a");
  v = *v.find("b");
  BOOST_TEST(v.text() == "inside");
}

BOOST_AUTO_TEST_CASE(many_threads_take_and_drop_references_to_one_value) {
  const Value whole = json(R"({"a": ["text", {"b": null}], "c": "more"})");
  std::vector<std::thread> threads;
  std::array<std::size_t, 4> sums{};
  for (std::size_t t = 0; t < sums.size(); ++t) {
    threads.emplace_back([&whole, &sum = sums[t]] {
      for (int i = 0; i < 1000; ++i) {
        const Value part = whole.find("a")->items()[0];
        const Value again = whole;
        sum += part.size() + again.size();
      }
    });
  }
  for (std::thread& t : threads)
    t.join();
  for (const std::size_t sum : sums)
    BOOST_TEST(sum == 6000u);
}

BOOST_AUTO_TEST_CASE(equality_is_deep) {
  const std::string_view document = R"({"a": [1, 2.5, "x", null, true, {"b": []}]})";
  BOOST_TEST((json(document) == json(document)));
  BOOST_TEST(!json(document).same_content(json(document)));
  for (const std::string_view other :
       {R"({"a": [1, 2.5, "x", null, true, {"b": [0]}]})", R"({"a": [1, 2.5, "x", null, true, {"c": []}]})",
        R"({"a": [1, 2.5, "x", null, true]})", R"({"a": [1, 2.5, "x", null, false, {"b": []}]})",
        R"({"a": [1, 2.5, "y", null, true, {"b": []}]})", R"({"a": [2, 2.5, "x", null, true, {"b": []}]})", "null"})
    BOOST_TEST(!(json(document) == json(other)), other);
}

BOOST_AUTO_TEST_CASE(another_type_is_another_value) {
  BOOST_TEST(!(Value::integer(std::int64_t{1}) == Value::number(1.0)));
  BOOST_TEST(!(Value::string("a") == Value::bytes("a")));
  BOOST_TEST(!(Value() == Value::boolean(false)));
  BOOST_TEST((Value::bytes("a") == Value::bytes("a")));
}

BOOST_AUTO_TEST_CASE(objects_are_equal_only_in_the_same_order) {
  BOOST_TEST(!(json(R"({"a": 1, "b": 2})") == json(R"({"b": 2, "a": 1})")));
}

BOOST_AUTO_TEST_CASE(zero_equals_minus_zero_but_is_not_the_same_content) {
  BOOST_TEST((Value::number(0.0) == Value::number(-0.0)));
  BOOST_TEST(!Value::number(0.0).same_content(Value::number(-0.0)));
  BOOST_TEST(Value::boolean(true).same_content(Value::boolean(true)));
  BOOST_TEST(!Value::boolean(true).same_content(Value::boolean(false)));
}

BOOST_AUTO_TEST_CASE(every_member_is_found_in_narrow_and_in_wide_objects) {
  for (const std::size_t members : {1u, 2u, 11u, 12u, 13u, 100u, 5000u}) {
    const Value object = wide_object(members);
    BOOST_REQUIRE(object.size() == members);
    for (std::size_t i = 0; i < members; ++i) {
      const Value* found = object.find("key" + std::to_string(i));
      BOOST_REQUIRE(found != nullptr);
      BOOST_TEST(found->as_int() == static_cast<std::int64_t>(i));
    }
    for (const std::string_view absent : {"", "key", "kez", "a", "z", "key00", "key5000"})
      BOOST_TEST(object.find(absent) == nullptr, members << " " << absent);
  }
}

BOOST_AUTO_TEST_CASE(a_wide_object_keeps_the_order_written) {
  const Value object = wide_object(13);
  BOOST_TEST(object.members()[0].name() == "key0");
  BOOST_TEST(object.members()[1].name() == "key7");
  BOOST_TEST(object.members()[2].name() == "key1");
}

BOOST_AUTO_TEST_CASE(keys_with_zero_bytes_and_the_empty_key_are_keys_like_others) {
  std::array<Member, 3> members{Member{Value::string(""), Value::boolean(true)},
                                Member{Value::string("a\0b"sv), Value::integer(std::int64_t{1})},
                                Member{Value::string("a"), Value::integer(std::int64_t{2})}};
  const Value object = Value::object(members);
  BOOST_TEST(object.find("")->as_bool());
  BOOST_TEST(object.find("a\0b"sv)->as_int() == 1);
  BOOST_TEST(object.find("a")->as_int() == 2);
}

BOOST_AUTO_TEST_CASE(only_an_object_is_searched) {
  BOOST_TEST(Value().find("a") == nullptr);
  BOOST_TEST(Value::string("a").find("a") == nullptr);
  BOOST_TEST(json("[1]").find("0") == nullptr);
  BOOST_TEST(json("{}").find("a") == nullptr);
}

BOOST_AUTO_TEST_CASE(depth_counts_the_levels_of_containers) {
  BOOST_TEST(json("1").depth() == 0u);
  BOOST_TEST(json("\"text\"").depth() == 0u);
  BOOST_TEST(json("[]").depth() == 1u);
  BOOST_TEST(json("{}").depth() == 1u);
  BOOST_TEST(json(R"([1, {"a": [2]}, []])").depth() == 3u);
  BOOST_TEST(json(R"({"a": 1, "b": {"c": 1}})").depth() == 2u);
}

BOOST_AUTO_TEST_CASE(building_takes_the_parts_out_of_the_callers_hands) {
  std::array<Value, 1> items{Value::string("moved")};
  const Value array = Value::array(items);
  BOOST_TEST(items[0].is_null());
  BOOST_TEST(array.items()[0].text() == "moved");
  std::array<Member, 1> members{Member{Value::string("k"), Value::string("v")}};
  const Value object = Value::object(members);
  BOOST_TEST(members[0].value.is_null());
  BOOST_TEST(object.find("k")->text() == "v");
}

BOOST_AUTO_TEST_CASE(a_builder_grows_and_becomes_text_without_a_copy) {
  TextBuilder builder;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    builder.append("part " + std::to_string(i));
    expected += "part " + std::to_string(i);
  }
  BOOST_TEST(builder.view() == expected);
  const char* const before = builder.view().data();
  const Value v = builder.finish();
  BOOST_TEST(v.is_string());
  BOOST_TEST(v.text() == expected);
  BOOST_TEST((v.text().data() == before));
}

BOOST_AUTO_TEST_CASE(a_builder_that_knows_its_size_does_not_move) {
  TextBuilder builder(10);
  builder.append("12345");
  const char* const before = builder.view().data();
  builder.append("67890");
  BOOST_TEST((builder.view().data() == before));
  builder.append("more");
  BOOST_TEST(builder.view() == "1234567890more");
}

BOOST_AUTO_TEST_CASE(a_builder_makes_bytes_of_what_is_not_utf8) {
  TextBuilder builder;
  builder.append("gr\xC3");
  builder.append("\xBCn");  // a character that came in two parts
  BOOST_TEST((builder.finish().type() == Value::Type::kString));
  builder.append("gr\xC3");
  const Value v = builder.finish();
  BOOST_TEST((v.type() == Value::Type::kBytes));
  BOOST_TEST(v.text() == "gr\xC3");
}

BOOST_AUTO_TEST_CASE(an_empty_builder_makes_empty_text_and_may_be_used_again) {
  TextBuilder builder;
  BOOST_TEST(builder.view() == "");
  builder.append("");
  BOOST_TEST(builder.finish().is_string());
  const Value empty = builder.finish();
  BOOST_TEST(empty.is_string());
  BOOST_TEST(empty.text() == "");
  builder.append("again");
  BOOST_TEST(builder.finish().text() == "again");
}

BOOST_AUTO_TEST_CASE(a_builder_that_is_not_finished_frees_what_it_holds) {
  TextBuilder builder(1000);
  builder.append("never finished");
  BOOST_TEST(builder.view().size() == 14u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
