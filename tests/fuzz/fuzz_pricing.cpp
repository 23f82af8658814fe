#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/json_write.hpp"
#include "core/pricing/price_book.hpp"

// Whatever a plugin reports as a body, as units or as a model's name is priced: never below nothing, and always with a
// reason. As a user's price file it is taken or refused with words and a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pflow;
  static const PriceBook book;
  static const SystemTime at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  const std::string text(reinterpret_cast<const char*>(data), size);

  std::array<LlmUsageReport, 4> reports;
  reports[0].provider = "anthropic";
  reports[0].raw_json = text;
  reports[1].provider = "google";
  reports[1].raw_json = text;
  reports[2].model = "gpt-4o";
  reports[2].units_json = text;
  reports[3].model = text;
  reports[3].input_tokens = 1;
  for (const LlmUsageReport& report : reports) {
    const MeteredUsage metered = book.meter(report, at);
    if (metered.cost.nano_usd < 0 || !metered.cost.row) std::abort();
    for (const Problems* problems : {&metered.problems, &metered.cost.problems}) {
      for (const Error& e : *problems) {
        if (e.message.empty()) std::abort();
      }
    }
    if (to_json(usage_value(metered.usage)).empty()) std::abort();
  }

  PriceBook own;
  const Result<void> added = own.add_file(text, "pricing.json");
  if (!added && (added.error().message.empty() || added.error().where.empty())) std::abort();
  return 0;
}
