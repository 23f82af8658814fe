#include "core/pricing/unit_registry.hpp"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "core/pricing/embedded_data.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow::pricing {
namespace {

const UnitRegistry& shipped() {
  static const UnitRegistry registry(json(kUnits.text()));
  return registry;
}

bool holds(std::string_view whole, std::string_view part) {
  const UnitRegistry::Unit* unit = shipped().find(whole);
  BOOST_REQUIRE(unit != nullptr);
  return std::any_of(unit->parts.begin(), unit->parts.end(),
                     [&](std::size_t i) { return shipped().units()[i].name == part; });
}

BOOST_AUTO_TEST_SUITE(unit_registry)

BOOST_AUTO_TEST_CASE(a_unit_with_more_of_the_same_dimensions_is_a_part) {
  BOOST_TEST(holds("input_tokens", "cache_read_tokens"));
  BOOST_TEST(holds("input_tokens", "cache_write_1h_tokens"));
  BOOST_TEST(holds("cache_write_tokens", "cache_write_1h_tokens"));
  BOOST_TEST(holds("input_audio_tokens", "cache_audio_read_tokens"));
  BOOST_TEST(holds("cache_read_tokens", "cache_audio_read_tokens"));
  BOOST_TEST(holds("output_tokens", "output_reasoning_tokens"));
}

BOOST_AUTO_TEST_CASE(a_unit_of_another_direction_family_or_value_is_no_part) {
  BOOST_TEST(!holds("input_tokens", "output_reasoning_tokens"));
  BOOST_TEST(!holds("input_tokens", "input_characters"));
  BOOST_TEST(!holds("cache_write_1h_tokens", "cache_write_5m_tokens"));
  BOOST_TEST(!holds("cache_read_tokens", "input_tokens"));
  BOOST_TEST(!holds("input_tokens", "input_tokens"));
  BOOST_TEST(!holds("web_searches", "social_searches"));
}

BOOST_AUTO_TEST_CASE(every_unit_comes_after_its_parts_and_says_what_its_price_is_for) {
  const auto& units = shipped().units();
  BOOST_TEST(units.size() == 59U);
  for (std::size_t i = 0; i < units.size(); ++i) {
    BOOST_TEST(units[i].per >= 1, units[i].name);
    BOOST_TEST(!units[i].price_key.empty(), units[i].name);
    for (const std::size_t part : units[i].parts)
      BOOST_TEST(part < i, units[i].name);
  }
  BOOST_TEST(shipped().find("input_tokens")->per == 1e6);
  BOOST_TEST(shipped().find("web_searches")->per == 1e3);
  BOOST_TEST(shipped().find("audio_seconds")->per == 3600);
  BOOST_TEST(shipped().find("input_pixels")->per == 1e9);
}

BOOST_AUTO_TEST_CASE(an_unknown_unit_is_not_found_and_odd_data_is_passed_over) {
  BOOST_TEST(shipped().find("tokens") == nullptr);
  const UnitRegistry odd(json(R"({"a": 1, "b": {}, "c": {"dimensions": []}, "d": {"dimensions": {"x": "y"}}})"));
  BOOST_TEST(odd.units().size() == 1U);
  BOOST_TEST(UnitRegistry(json("[1]")).units().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::pricing
