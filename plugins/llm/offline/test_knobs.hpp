#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "llm_answer.hpp"
#include <pflow/node.hpp>

namespace pflow::llm::offline {

enum class Fault : std::uint8_t { kNone, kRateLimit, kQuota, kAuth, kServer, kTimeout, kInvalid, kBrokenStream };

/// What `extra` asks of the offline provider, so that tests of a workflow, and of what a run costs, can be exact
/// (docs/providers.md lists all of it). What is not listed is passed over: it is meant for another provider.
struct TestKnobs {
  std::int64_t delay_ms = 0;
  Fault fault = Fault::kNone;
  std::optional<std::int64_t> fail_times;  ///< of the first attempts; nothing: of all
  std::int64_t calls = 1;                  ///< how often the usage is reported
  bool usage_is_known = true;
  std::optional<TokenCounts> usage;  ///< instead of what was counted
  bool estimated = true;
  std::optional<std::int64_t> cost_nano_usd = 0;  ///< nothing: the host is to find the price
  std::string provider = "offline";

  [[nodiscard]] bool fails(std::uint32_t attempt) const noexcept {
    return fault != Fault::kNone && (!fail_times || attempt <= *fail_times);
  }
};

/// Throws Failure invalid_parameter that names the member.
[[nodiscard]] TestKnobs read_knobs(sdk::Value extra_value);

/// The failure as a provider's server would tell it.
[[nodiscard]] sdk::Failure failure_of(Fault fault);

}  // namespace pflow::llm::offline
