// What 1,016 real response bodies used and cost, by the reference implementation of the price data.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/pricing/price_book.hpp"

namespace pflow {
namespace {

// Beside the project, not in it. A machine without it skips the test: its main() leaves with 77.
const std::filesystem::path kOracle = std::filesystem::path(PFLOW_SOURCE_DIR) / "../shared/data/pricing/oracle.jsonl";

BOOST_AUTO_TEST_SUITE(oracle)

BOOST_AUTO_TEST_CASE(all_bodies_give_the_usage_and_the_price_of_the_reference) {
  std::ifstream file(kOracle);
  if (!file) {
    std::cerr << "SKIPPED: " << kOracle << " is not there\n";
    std::_Exit(77);
  }
  const PriceBook book;
  const SystemTime at = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1) + std::chrono::hours(12);
  std::string line;
  int bodies = 0;
  int priced = 0;
  while (std::getline(file, line)) {
    const Result<Value> read = read_json(line, "oracle");
    BOOST_REQUIRE(read);
    const Value& row = *read;
    LlmUsageReport report;
    report.provider = row.find("provider")->text();
    report.api_flavor = row.find("api_flavor")->text();
    report.raw_json = to_json(*row.find("body"));
    const MeteredUsage metered = book.meter(report, at);
    const std::string what = line.substr(0, 400);
    BOOST_TEST(metered.problems.empty(), what);
    ++bodies;
    std::size_t units = 0;
    for (const Member& m : row.find("expect_usage")->members()) {
      const double* count = metered.usage.find(m.name());
      const double told = count == nullptr ? 0 : *count;
      BOOST_TEST(told == m.value.as_double(), m.name() << " of " << what);
      units += m.value.as_double() != 0 ? 1 : 0;
    }
    BOOST_TEST(metered.usage.entries().size() == units, to_json(usage_value(metered.usage)) << " of " << what);
    const Value& model = *row.find("model");
    BOOST_TEST(metered.model == (model.is_string() ? model.text() : ""), what);
    const Value& price = *row.find("expect_price");
    if (price.is_null()) continue;
    ++priced;
    BOOST_TEST(metered.cost.problems.empty(), what);
    BOOST_TEST((metered.cost.basis == CostBasis::kList), what);
    BOOST_REQUIRE_MESSAGE(metered.cost.row.has_value(), what);
    BOOST_TEST(metered.cost.row->model == price.find("model_id")->text(), what);
    BOOST_TEST(metered.cost.priced_by == price.find("priced_by")->text(), what);
    const double usd = static_cast<double>(metered.cost.nano_usd) / 1e9;
    BOOST_TEST(std::abs(usd - price.find("total_usd")->as_double()) <= 1e-9, usd << " for " << what);
  }
  BOOST_TEST(bodies == 1016);
  BOOST_TEST(priced == 992);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
