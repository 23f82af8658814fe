#include "core/trace/trace_text.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/core/json_literal.hpp"
#include "tests/core/trace/trace_reading.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(trace_text)

// What a text writer makes of what it is given.
struct Writer {
  explicit Writer(std::size_t store_max = 10) : text(redactor, places, store_max) { text.start(); }

  [[nodiscard]] std::string of(const Value& v, std::size_t max_chars) {
    text.start();
    text.value(v, max_chars);
    return text.out();
  }

  [[nodiscard]] std::string of(const Value& v) {
    text.start();
    text.value(v);
    return text.out();
  }

  [[nodiscard]] std::string of(std::string_view t) { return of(Value::string(t)); }

  Redactor redactor;
  TracePlaces places;
  TraceText text;
};

std::string ms(std::int64_t ns) {
  Writer w;
  w.text.milliseconds(ns);
  return w.text.out();
}

std::string ms(double milliseconds) {
  Writer w;
  w.text.milliseconds(milliseconds);
  return w.text.out();
}

BOOST_AUTO_TEST_CASE(times_are_milliseconds_with_three_decimals) {
  BOOST_TEST(ms(std::int64_t{0}) == "0.000");
  BOOST_TEST(ms(std::int64_t{499}) == "0.000");
  BOOST_TEST(ms(std::int64_t{500}) == "0.001");
  BOOST_TEST(ms(std::int64_t{1'234'567}) == "1.235");
  BOOST_TEST(ms(std::int64_t{1'050'000}) == "1.050");
  BOOST_TEST(ms(std::int64_t{-1'050'000}) == "-1.050");
  BOOST_TEST(ms(std::int64_t{-400}) == "0.000");
  BOOST_TEST(ms(INT64_MAX) == "9223372036854.776");
  BOOST_TEST(ms(INT64_MIN) == "-9223372036854.776");
  BOOST_TEST(ms(0.1 + 0.2) == "0.300");
  BOOST_TEST(ms(12.3456) == "12.346");
  BOOST_TEST(ms(std::numeric_limits<double>::infinity()) == "0.000");
  BOOST_TEST(ms(1e300) == "9000000000000.000");
}

BOOST_AUTO_TEST_CASE(a_text_is_cut_by_characters_and_says_so) {
  Writer w;
  BOOST_TEST(w.of("0123456789") == "\"0123456789\"");
  BOOST_TEST(w.text.truncations() == 0u);
  BOOST_TEST(w.of("0123456789a") == "\"0123456789 ... [cut: 10 of 11 characters]\"");
  BOOST_TEST(w.text.truncations() == 1u);
  BOOST_TEST(w.of("\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC") ==
             "\"\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\u00FC\"");
  BOOST_TEST(w.of("12345678\u65E5\U0001F600x") == "\"12345678\u65E5\U0001F600 ... [cut: 10 of 11 characters]\"");
  BOOST_TEST(w.text.truncations() == 2u);
  BOOST_TEST(w.of(Value::string("abc"), 0) == "\" ... [cut: 0 of 3 characters]\"");
  BOOST_TEST(w.of(Value::string(""), 0) == "\"\"");
}

BOOST_AUTO_TEST_CASE(a_very_long_text_tells_its_whole_length) {
  Writer w;
  std::string text;
  for (int i = 0; i < 1'000'003; ++i)
    text += i % 3 == 0 ? "\u00FC" : "x";
  BOOST_TEST(w.of(text) == "\"\u00FCxx\u00FCxx\u00FCxx\u00FC ... [cut: 10 of 1000003 characters]\"");
}

BOOST_AUTO_TEST_CASE(bytes_are_base64_and_cut_where_it_can_still_be_decoded) {
  Writer w;
  BOOST_TEST(w.of(Value::bytes("\xFF\xFE")) == R"({"$base64":"//4="})");
  BOOST_TEST(w.of(Value::bytes("\xFF\xFE\xFD\xFC\xFB\xFA\xF9\xF8")) ==
             R"({"$base64":"//79/Pv6 ... [cut: 8 of 12 characters]"})");
  BOOST_TEST(w.text.truncations() == 1u);
}

BOOST_AUTO_TEST_CASE(a_secret_is_taken_out_before_the_text_is_cut) {
  Writer w;
  w.redactor.add("KEY", Value::string("sesame-open"));
  BOOST_TEST(w.of(Value::string("x sesame-open y"), 100) == "\"x <redacted:KEY> y\"");
  BOOST_TEST(w.text.redactions() == 1u);
  // The first ten characters hold a part of it.
  const std::string cut = w.of("123456sesame-open and more");
  BOOST_TEST(cut.find("sesa") == std::string::npos, cut);
  BOOST_TEST(cut == "\"123456<red ... [cut: 10 of 29 characters]\"");
  // A secret behind what is kept brings nothing to light.
  BOOST_TEST(w.of("0123456789 sesame-open") == "\"0123456789 ... [cut: 10 of 25 characters]\"");
}

BOOST_AUTO_TEST_CASE(a_long_secret_across_the_place_of_the_cut_does_not_show) {
  Writer w;
  const std::string secret(200'000, 's');
  w.redactor.add("KEY", Value::string(secret));
  const std::string out = w.of("12345" + secret + std::string(5'000'000, 'x'));
  BOOST_TEST(out == "\"12345<reda ... [cut: 10 of 5000019 characters]\"");
}

BOOST_AUTO_TEST_CASE(what_a_name_tells_to_be_secret_is_taken_out_of_texts) {
  Writer w(1000);
  BOOST_TEST(w.of("https://h/?api_key=abc&q=1") == "\"https://h/?api_key=<redacted:api_key>&q=1\"");
  BOOST_TEST(w.of("Authorization: Bearer abc") == "\"Authorization: Bearer <redacted:Authorization>\"");
  BOOST_TEST(w.text.redactions() == 2u);
}

BOOST_AUTO_TEST_CASE(members_with_a_secret_name_show_a_mark) {
  Writer w(1000);
  BOOST_TEST(w.of(json(R"({"api_key":"a","X-Api-Key":["b"],"password":{"c":1},"token":12,"n":"d"})")) ==
             R"({"api_key":"<redacted:api_key>","X-Api-Key":"<redacted:X-Api-Key>","password":"<redacted:password>",)"
             R"("token":"<redacted:token>","n":"d"})");
  BOOST_TEST(w.text.redactions() == 4u);
  BOOST_TEST(w.of(json(R"({"token":null,"secret":true})")) == R"({"token":null,"secret":true})");
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_in_numbers_bytes_and_keys) {
  Writer w(1000);
  w.redactor.add("PIN", Value::string("12345"));
  w.redactor.add("KEY", Value::string("sesame"));
  BOOST_TEST(w.of(json("[12345, 12, 1234]")) == R"(["<redacted:PIN>",12,1234])");
  BOOST_TEST(w.of(json("1.2345e2")) == "123.45");
  BOOST_TEST(w.of(json(R"({"sesame":1,"sesame x":2})")) == R"({"<redacted:KEY>#0":1,"<redacted:KEY> x#1":2})");
  const std::string bytes = w.of(Value::bytes("\xFFsesame\xFF"));
  BOOST_TEST(bytes == w.of(Value::bytes("\xFF<redacted:KEY>\xFF")));
}

BOOST_AUTO_TEST_CASE(keys_that_became_the_same_are_told_apart) {
  Writer w(4);
  w.redactor.add("K", Value::string("sesame"));
  const std::string out = w.of(json(R"({"sesame":1,"<red ... [cut: 4 of 12 characters]#0":2,"longer key":3})"));
  BOOST_TEST(test::ReadTrace(out).root().size() == 3u, out);
}

BOOST_AUTO_TEST_CASE(a_key_that_begins_with_a_dollar_gets_one_more) {
  Writer w;
  BOOST_TEST(w.of(json(R"({"$ref":{"$$a":1},"a$":2})")) == R"({"$$ref":{"$$$a":1},"a$":2})");
}

BOOST_AUTO_TEST_CASE(what_is_not_json_falls_back_to_text) {
  Writer w;
  BOOST_TEST(w.of(Value::number(std::nan(""))) == "\"nan\"");
  BOOST_TEST(w.of(Value::number(-std::numeric_limits<double>::infinity())) == "\"-inf\"");
  w.text.start();
  w.text.text("a\xFF\x62", 100);
  BOOST_TEST(w.text.out() == "\"a\uFFFD\x62\"");
}

BOOST_AUTO_TEST_CASE(the_deepest_value_is_written) {
  Writer w;
  Value v = Value::string("x");
  for (std::uint32_t i = 0; i < kMaxValueDepth; ++i) {
    std::vector<Value> one{v};
    v = Value::array(one);
  }
  BOOST_TEST(w.of(v) == std::string(kMaxValueDepth, '[') + "\"x\"" + std::string(kMaxValueDepth, ']'));
}

BOOST_AUTO_TEST_CASE(an_endless_value_is_cut_and_leaves_json) {
  Writer w(1000);
  Value v = Value::string(std::string(900, 't'));
  for (int i = 0; i < 300; ++i) {
    std::vector<Value> twice{v, v};
    v = Value::array(twice);
  }
  const std::string out = w.of(v);
  BOOST_TEST(out.size() < TraceText::kMaxEventBytes + 100'000);
  BOOST_TEST(out.find(" ... [cut: 1 of 2 items]") != std::string::npos);
  BOOST_TEST(w.text.truncations() > 0u);
  BOOST_TEST(test::ReadTrace(out).root().is_array());
}

BOOST_AUTO_TEST_CASE(a_value_that_stands_in_the_file_is_referred_to) {
  Writer w(1000);
  const Value v = Value::string(std::string(300, 'x'));
  w.places.hold(v, {"/inputs/x", 302, 300, true, {}});
  BOOST_TEST(w.of(v) == R"({"$ref":"/inputs/x"})");
  std::vector<Value> items{v};
  BOOST_TEST(w.of(Value::array(items)) == R"([{"$ref":"/inputs/x"}])");
}

BOOST_AUTO_TEST_CASE(a_reference_that_would_be_longer_than_the_value_is_not_made) {
  Writer w(1000);
  const Value v = Value::string(std::string(300, 'x'));
  w.places.hold(v, {"/" + std::string(400, 'p'), 302, 300, true, {}});
  BOOST_TEST(w.of(v) == "\"" + std::string(300, 'x') + "\"");
}

BOOST_AUTO_TEST_CASE(a_text_with_another_limit_is_referred_to_only_when_nothing_of_it_is_missing_there) {
  Writer w(1000);
  const Value whole = Value::string(std::string(900, 'x'));
  const Value cut = Value::string(std::string(1100, 'x'));
  w.places.hold(whole, {"/a", 902, 900, true, {}});
  w.places.hold(cut, {"/b", 1040, 1100, true, {}});
  const std::string ref_a = R"({"$ref":"/a"})";
  const std::string ref_b = R"({"$ref":"/b"})";
  BOOST_TEST(w.of(whole, 1000) == ref_a);
  BOOST_TEST(w.of(whole, 5000) == ref_a);
  BOOST_TEST(w.of(whole, 899) != ref_a);  // shows less
  BOOST_TEST(w.of(cut, 1000) == ref_b);
  BOOST_TEST(w.of(cut, 5000) == "\"" + std::string(1100, 'x') + "\"");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
