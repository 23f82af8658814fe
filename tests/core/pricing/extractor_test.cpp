#include "core/pricing/extractor.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/core/json_literal.hpp"

namespace pflow::pricing {
namespace {

constexpr std::string_view kExtractor = R"({
  "root": "usage", "model_path": "model",
  "mappings": [
    {"path": "input", "dest": "input_tokens", "required": true},
    {"path": "cached", "dest": "input_tokens", "required": false},
    {"path": "cached", "dest": "cache_read_tokens", "required": false},
    {"path": ["details", {"type": "array-match", "field": "modality", "match": {"equals": "AUDIO"}}, "count"],
     "dest": "input_audio_tokens", "required": false}]})";

std::optional<Extracted> extracted(std::string_view body) {
  return extract(json(kExtractor), json(body));
}

BOOST_AUTO_TEST_SUITE(extractor)

BOOST_AUTO_TEST_CASE(paths_with_the_same_target_add_up) {
  const auto e = extracted(R"({"model": "m-1", "usage": {"input": 10, "cached": 5}})");
  BOOST_REQUIRE(e.has_value());
  BOOST_TEST(e->model == "m-1");
  BOOST_TEST(e->usage.count("input_tokens") == 15);
  BOOST_TEST(e->usage.count("cache_read_tokens") == 5);
}

BOOST_AUTO_TEST_CASE(the_usage_part_alone_is_understood_too) {
  const auto e = extracted(R"({"input": 10, "cached": 5})");
  BOOST_REQUIRE(e.has_value());
  BOOST_TEST(e->model.empty());
  BOOST_TEST(e->usage.count("input_tokens") == 15);
}

BOOST_AUTO_TEST_CASE(an_item_of_a_list_is_found_by_a_field) {
  const auto e = extracted(
      R"({"usage": {"input": 9, "details": [7, {"modality": 3}, {"modality": "TEXT", "count": 5}, {"modality": "AUDIO", "count": 4}]}})");
  BOOST_REQUIRE(e.has_value());
  BOOST_TEST(e->usage.count("input_audio_tokens") == 4);
  BOOST_TEST(e->usage.entries().size() == 2U);
}

BOOST_AUTO_TEST_CASE(without_a_required_count_nothing_is_understood) {
  BOOST_TEST(!extracted(R"({"usage": {"cached": 5}})").has_value());
  BOOST_TEST(!extracted(R"({"usage": {"input": null, "cached": 5}})").has_value());
  BOOST_TEST(!extracted(R"({"usage": {"input": "10"}})").has_value());
}

BOOST_AUTO_TEST_CASE(counts_of_zero_are_left_out_but_understood) {
  const auto e = extracted(R"({"usage": {"input": 0}})");
  BOOST_REQUIRE(e.has_value());
  BOOST_TEST(e->usage.empty());
}

BOOST_AUTO_TEST_CASE(a_negative_count_makes_the_body_useless) {
  BOOST_TEST(!extracted(R"({"usage": {"input": 5, "cached": -1}})").has_value());
}

BOOST_AUTO_TEST_CASE(hostile_bodies_are_not_understood) {
  for (const std::string_view body :
       {"[]", "{}", "null", "3", R"("usage")", R"({"usage": []})", R"({"usage": {"input": {}}})", R"({"usage": 7})",
        R"({"usage": {"input": true}})", R"({"usage": {"input": [1, 2]}})"}) {
    BOOST_TEST(!extracted(body).has_value(), body);
  }
  const auto e =
      extracted(R"({"model": ["m"], "usage": {"input": 1e300, "details": {"modality": "AUDIO", "count": 1}}})");
  BOOST_REQUIRE(e.has_value());
  BOOST_TEST(e->model.empty());
  BOOST_TEST(*e->usage.find("input_tokens") == 1e300);
  BOOST_TEST(e->usage.find("input_audio_tokens") == nullptr);
}

BOOST_AUTO_TEST_CASE(an_odd_extractor_understands_nothing) {
  for (const std::string_view odd : {"{}", R"({"root": "usage"})", R"({"root": "usage", "mappings": {}})",
                                     R"({"root": "usage", "mappings": [{}, 3, {"path": "input"}]})"}) {
    BOOST_TEST(!extract(json(odd), json(R"({"usage": {"input": 1}})")).has_value(), odd);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::pricing
