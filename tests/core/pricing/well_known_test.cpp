// What well-known models must cost: well_known.jsonl says where its numbers are from.
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "core/pricing/price_book.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

// [3] or [3, 200000, 6] against 3 or {"base": 3, "tiers": [{"start": 200000, "price": 6}]}
bool same_price(const Value& expected, const Value* price) {
  if (expected.is_null()) return price == nullptr;
  if (price == nullptr) return false;
  const auto told = expected.items();
  if (told.size() == 1) return price->is_number() && price->as_double() == told[0].as_double();
  const Value* base = price->find("base");
  const Value* tiers = price->find("tiers");
  if (base == nullptr || tiers == nullptr || tiers->size() != 1) return false;
  const Value& tier = tiers->items()[0];
  return base->as_double() == told[0].as_double() && tier.find("start")->as_double() == told[1].as_double() &&
         tier.find("price")->as_double() == told[2].as_double();
}

BOOST_AUTO_TEST_SUITE(well_known)

BOOST_AUTO_TEST_CASE(well_known_models_have_their_published_prices) {
  std::ifstream file(PFLOW_SOURCE_DIR "/tests/core/pricing/well_known.jsonl");
  const PriceBook book;
  const SystemTime at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  std::string line;
  int models = 0;
  while (std::getline(file, line)) {
    const Value expected = json(line);
    if (expected.find("source") != nullptr) continue;
    ++models;
    const auto row = book.find(expected.find("provider")->text(), expected.find("model")->text(), at);
    BOOST_REQUIRE_MESSAGE(row.has_value(), line);
    BOOST_TEST(row->model == expected.find("matched")->text(), line);
    BOOST_TEST(row->context_window == expected.find("context_window")->as_int(), line);
    BOOST_TEST(row->source == "genai-prices 0.1.8");
    for (const std::string_view key :
         {"input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok"}) {
      BOOST_TEST(same_price(*expected.find(key), row->prices.find(key)),
                 key << " of " << line << ": " << to_json(row->prices));
    }
  }
  BOOST_TEST(models == 45);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
