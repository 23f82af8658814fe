#include "test_knobs.hpp"

#include <array>
#include <cmath>

#include "llm_params.hpp"

namespace pflow::llm::offline {
namespace {

struct FaultRow {
  std::string_view word;
  Fault fault;
  pflow_status status;
  std::string_view code;
  std::int32_t http_status;
  bool retryable;
  std::string_view told;
};

constexpr std::array<FaultRow, 7> kFaults{{
    {"rate_limit", Fault::kRateLimit, PFLOW_E_RATE_LIMIT, "rate_limited", 429, true, "too many requests"},
    {"quota", Fault::kQuota, PFLOW_E_RATE_LIMIT, "insufficient_quota", 429, false, "the quota is used up"},
    {"auth", Fault::kAuth, PFLOW_E_AUTH, "authentication", 401, false, "the key is not accepted"},
    {"server", Fault::kServer, PFLOW_E_UNAVAILABLE, "server_error", 500, true, "the server has a problem"},
    {"timeout", Fault::kTimeout, PFLOW_E_TIMEOUT, "timeout", 0, true, "no answer within timeout_ms"},
    {"invalid", Fault::kInvalid, PFLOW_E_INVALID, "invalid_request", 400, false, "the request is not accepted"},
    {"broken_stream", Fault::kBrokenStream, PFLOW_E_IO, "stream_broken", 0, true, "the answer broke off"},
}};

/// Reads one object; names its members in messages.
class Members {
 public:
  Members(sdk::Value object, std::string_view path) : object_(object), path_(path) {
    if (!object.is_null() && !object.is(sdk::Type::kObject)) refuse(path, "expected an object");
  }

  [[nodiscard]] sdk::Value get(std::string_view name) const noexcept { return object_[name]; }

  [[nodiscard]] std::string name(std::string_view member) const { return path_ + "." + std::string(member); }

  [[nodiscard]] std::optional<std::int64_t> count(std::string_view member, std::int64_t most) const {
    const sdk::Value v = get(member);
    if (v.is_null()) return std::nullopt;
    const auto n = v.if_int();
    if (n && *n >= 0 && *n <= most) return n;
    std::string expected = "expected a whole number from 0 to ";
    sdk::append_number(expected, most);
    refuse(name(member), expected);
  }

 private:
  sdk::Value object_;
  std::string path_;
};

Fault read_fault(const Members& extra) {
  const sdk::Value v = extra.get("fail");
  if (v.is_null()) return Fault::kNone;
  const auto word = v.if_string();
  std::string known;
  for (const FaultRow& row : kFaults) {
    if (word == row.word) return row.fault;
    known.append(known.empty() ? "" : ", ").append(row.word);
  }
  refuse(extra.name("fail"), "expected one of " + known);
}

TokenCounts read_usage(const Members& usage) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  TokenCounts counts;
  counts.input = usage.count("input_tokens", kMost).value_or(0);
  counts.output = usage.count("output_tokens", kMost).value_or(0);
  counts.cache_read = usage.count("cache_read_tokens", kMost).value_or(0);
  counts.cache_write = usage.count("cache_write_tokens", kMost).value_or(0);
  counts.reasoning = usage.count("reasoning_tokens", kMost);
  return counts;
}

// Nothing for null: the host is to find the price.
std::optional<std::int64_t> read_cost(const Members& extra) {
  const sdk::Value v = extra.get("cost_usd");
  if (!v) return 0;
  if (v.is_null()) return std::nullopt;
  constexpr double kMost = 1e6;
  constexpr double kNanosPerDollar = 1e9;
  const auto usd = v.if_double();
  if (!usd || *usd < 0 || *usd > kMost) refuse(extra.name("cost_usd"), "expected US dollars, at most 1e6, or null");
  return std::llround(*usd * kNanosPerDollar);
}

}  // namespace

TestKnobs read_knobs(sdk::Value extra_value) {
  TestKnobs knobs;
  const Members extra(extra_value, "extra");
  constexpr std::int64_t kDay = 86'400'000;
  knobs.delay_ms = extra.count("delay_ms", kDay).value_or(0);
  knobs.fault = read_fault(extra);
  knobs.fail_times = extra.count("fail_times", 1000);
  knobs.calls = extra.count("calls", 1000).value_or(1);
  const sdk::Value usage = extra.get("usage");
  if (usage.if_bool() == false) {
    knobs.usage_is_known = false;
  } else if (!usage.is_null()) {
    knobs.usage = read_usage(Members(usage, "extra.usage"));
  }
  if (const sdk::Value v = extra.get("estimated"); !v.is_null()) {
    const auto flag = v.if_bool();
    if (!flag) refuse(extra.name("estimated"), "expected a boolean");
    knobs.estimated = *flag;
  }
  knobs.cost_nano_usd = read_cost(extra);
  if (const sdk::Value v = extra.get("provider"); !v.is_null()) {
    const auto name = v.if_string();
    if (!name) refuse(extra.name("provider"), "expected a text");
    knobs.provider = *name;
  }
  return knobs;
}

sdk::Failure failure_of(Fault fault) {
  for (const FaultRow& row : kFaults) {
    if (row.fault != fault) continue;
    std::string message = "offline provider: ";
    message.append(row.told).append(", as extra.fail asks");
    return {.status = row.status,
            .code = std::string(row.code),
            .message = std::move(message),
            .retryable = row.retryable,
            .origin_code = row.http_status};
  }
  return {};
}

}  // namespace pflow::llm::offline
