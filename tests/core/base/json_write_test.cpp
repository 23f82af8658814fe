#include "core/base/json_write.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(json_write)

using namespace std::string_view_literals;

// Seeded: a run that fails fails again.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  Value value(int depth) {
    switch (below(depth > 0 ? 9 : 7)) {
      case 0:
        return {};
      case 1:
        return Value::boolean(below(2) == 0);
      case 2:
        return Value::integer(static_cast<std::int64_t>(random_()));
      case 3:
        return Value::integer(std::uint64_t{random_()});
      case 4:
        return Value::number(number());
      case 5:
      case 6:
        return Value::string(text());
      case 7:
        return array(depth);
      default:
        return object(depth);
    }
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }

  double number() {
    while (true) {
      const std::uint64_t bits = random_();
      double d = 0;
      std::memcpy(&d, &bits, sizeof d);
      if (std::isfinite(d)) return d;
    }
  }

  std::string text() {
    static constexpr std::array kParts{
        "a"sv,      "\""sv,     "\\"sv,         "/"sv,      "\n"sv,
        "\t"sv,     "\0"sv,     "\x1F"sv,       "\x7F"sv,   "\u00FC"sv,
        "\u2028"sv, "\u65E5"sv, "\U0001F600"sv, "${a.b}"sv, "long text without anything odd"sv};
    std::string out;
    for (std::size_t n = below(8); n > 0; --n)
      out += kParts[below(kParts.size())];
    return out;
  }

  Value array(int depth) {
    std::vector<Value> items;
    for (std::size_t n = below(6); n > 0; --n)
      items.push_back(value(depth - 1));
    return Value::array(items);
  }

  Value object(int depth) {
    std::vector<Member> members;
    const std::size_t n = below(10) == 0 ? 30 : below(6);
    for (std::size_t i = 0; i < n; ++i)
      members.push_back({Value::string(std::to_string(i) + text()), value(depth - 1)});
    return Value::object(members);
  }

  std::mt19937_64 random_;
};

BOOST_AUTO_TEST_CASE(whatever_is_written_reads_back_as_the_same_value) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    const Value v = Generator(seed).value(5);
    for (const JsonStyle style : {JsonStyle::kCompact, JsonStyle::kIndented}) {
      const std::string text = to_json(v, style);
      const Result<Value> back = read_json(text, "t");
      BOOST_REQUIRE_MESSAGE(back.ok(), "seed " << seed << ": " << text);
      BOOST_REQUIRE_MESSAGE(*back == v, "seed " << seed << ": " << text);
      BOOST_REQUIRE(to_json(*back, style) == text);
    }
  }
}

BOOST_AUTO_TEST_CASE(numbers_are_the_shortest_text_that_reads_back) {
  const std::vector<std::pair<double, std::string_view>> numbers{
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e22, "1e+22"},
      {1e-7, "1e-07"},
      {123456789.0, "123456789.0"},
      {5e-324, "5e-324"},
      {std::numeric_limits<double>::max(), "1.7976931348623157e+308"}};
  for (const auto& n : numbers)
    BOOST_TEST(to_json(Value::number(n.first)) == n.second);
  BOOST_TEST(to_json(Value::integer(INT64_MIN)) == "-9223372036854775808");
  BOOST_TEST(to_json(Value::integer(UINT64_MAX)) == "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(a_float_without_a_fraction_stays_a_float) {
  BOOST_TEST((json(to_json(Value::number(3.0))).type() == Value::Type::kFloat));
  BOOST_TEST(std::signbit(json(to_json(Value::number(-0.0))).as_float()));
}

BOOST_AUTO_TEST_CASE(the_point_of_what_is_already_written_is_not_taken_for_the_numbers_own) {
  std::string out = "1.5e3 ";
  write_json(Value::number(2.0), out);
  BOOST_TEST(out == "1.5e3 2.0");
}

BOOST_AUTO_TEST_CASE(only_quotes_backslashes_and_controls_are_escaped) {
  std::string out;
  write_json_string("\"\\/\b\f\n\r\t\x01\x1F\x7F gr\u00FCn \u2028 \U0001F600", out);
  BOOST_TEST(out == "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7F gr\u00FCn \u2028 \U0001F600\"");
  out.clear();
  write_json_string("a\0b"sv, out);
  BOOST_TEST(out == "\"a\\u0000b\"");
}

BOOST_AUTO_TEST_CASE(an_escape_is_written_wherever_its_character_stands) {
  for (int c = 0; c < 256; ++c) {
    const bool needs_escape = c < 0x20 || c == '"' || c == '\\';
    for (std::size_t at = 0; at < 24; ++at) {
      std::string text(24, 'x');
      text[at] = static_cast<char>(c);
      std::string out;
      write_json_string(text, out);
      const std::string before = "\"" + std::string(at, 'x');
      const std::string after = std::string(23 - at, 'x') + "\"";
      BOOST_REQUIRE(out.starts_with(before) && out.ends_with(after));
      const std::string middle = out.substr(before.size(), out.size() - before.size() - after.size());
      BOOST_REQUIRE_MESSAGE(needs_escape ? middle.size() >= 2 && middle[0] == '\\' : middle == text.substr(at, 1), c);
    }
  }
}

BOOST_AUTO_TEST_CASE(keys_are_escaped_like_texts) {
  BOOST_TEST(to_json(json(R"({"a\"b\n": 1})")) == R"({"a\"b\n":1})");
}

BOOST_AUTO_TEST_CASE(bytes_become_base64_with_a_marker) {
  const std::vector<std::pair<std::string_view, std::string_view>> contents{{""sv, ""},
                                                                            {"f"sv, "Zg=="},
                                                                            {"fo"sv, "Zm8="},
                                                                            {"foo"sv, "Zm9v"},
                                                                            {"foob"sv, "Zm9vYg=="},
                                                                            {"\xFF\xFE\xFD\x00"sv, "//79AA=="},
                                                                            {"\xFB\xEF"sv, "++8="}};
  for (const auto& content : contents) {
    BOOST_TEST(to_json(Value::bytes(content.first)) == R"({"$base64":")" + std::string(content.second) + "\"}");
  }
}

BOOST_AUTO_TEST_CASE(indented_text_has_two_spaces_a_level_and_empty_containers_in_one_line) {
  BOOST_TEST(to_json(json(R"({"a": [1, {"b": []}], "c": {}})"), JsonStyle::kIndented) ==
             "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
  BOOST_TEST(to_json(Value(), JsonStyle::kIndented) == "null");
}

BOOST_AUTO_TEST_CASE(inside_other_text_strings_and_bytes_stand_as_they_are_and_null_as_nothing) {
  const auto plain = [](const Value& v) {
    std::string out = ">";
    write_plain(v, out);
    return out;
  };
  BOOST_TEST(plain(Value()) == ">");
  BOOST_TEST(plain(Value::string("a \"b\"\n")) == ">a \"b\"\n");
  BOOST_TEST(plain(Value::bytes("\xFF")) == ">\xFF");
  BOOST_TEST(plain(Value::boolean(false)) == ">false");
  BOOST_TEST(plain(Value::integer(std::int64_t{-5})) == ">-5");
  BOOST_TEST(plain(Value::number(2.5)) == ">2.5");
  BOOST_TEST(plain(json(R"(["gr\u00fcn", null])")) == ">[\"gr\u00FCn\",null]");
}

// {"a": [x, x]} with each x the same again, 300 times: 2^300 bytes of text and more.
Value endless() {
  Value v = Value::string("x");
  for (int i = 0; i < 300; ++i) {
    std::vector<Value> twice{v, v};
    v = Value::array(twice);
  }
  return v;
}

BOOST_AUTO_TEST_CASE(text_beyond_its_limit_is_given_up) {
  std::string out = ">";
  BOOST_TEST(write_json_within(json("[1,2]"), 6, out));
  BOOST_TEST(out == ">[1,2]");
  out = ">";
  BOOST_TEST(!write_json_within(json("[1,2]"), 5, out));
  out.clear();
  BOOST_TEST(!write_json_within(endless(), 1000, out));
  BOOST_TEST(out.size() < 2000u);
}

BOOST_AUTO_TEST_CASE(plain_text_beyond_its_limit_is_given_up) {
  std::string out = ">";
  BOOST_TEST(write_plain_within(Value::string("abc"), 4, out));
  BOOST_TEST(out == ">abc");
  BOOST_TEST(!write_plain_within(Value::string("d"), 4, out));
  BOOST_TEST(out == ">abc");
  BOOST_TEST(write_plain_within(Value(), 4, out));
  BOOST_TEST(!write_plain_within(endless(), 1000, out));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
