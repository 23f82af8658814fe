// A stranger's plugin for the tests: it tells of LLM calls whatever its parameters say, and knows nothing of costs.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <pflow/node.hpp>

namespace {

namespace sdk = pflow::sdk;

std::string_view text_of(sdk::Value report, std::string_view key) {
  return report[key].if_string().value_or(std::string_view());
}

sdk::LlmUsage usage_of(sdk::Value report, const sdk::Call& call) {
  sdk::LlmUsage u;
  u.provider = text_of(report, "provider");
  u.model = text_of(report, "model");
  u.requested_model = text_of(report, "requested_model");
  u.api_flavor = text_of(report, "api_flavor");
  if (report["raw"]) u.raw_json = call.to_json(report["raw"]);
  if (report["units"]) u.units_json = call.to_json(report["units"]);
  u.input_tokens = report["input_tokens"].if_int();
  u.output_tokens = report["output_tokens"].if_int();
  u.cache_read_tokens = report["cache_read_tokens"].if_int();
  u.cache_write_tokens = report["cache_write_tokens"].if_int();
  u.reasoning_tokens = report["reasoning_tokens"].if_int();
  u.cost_nano_usd = report["cost_nano_usd"].if_int();
  u.estimated = report["estimated"].if_bool().value_or(false);
  return u;
}

struct Meter {
  static constexpr std::string_view kType = "test.meter";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;

  struct Params {
    sdk::Value reports;
    sdk::Value output;
    sdk::Value response;
    std::optional<std::string_view> api_key;
    std::optional<std::int64_t> fail_times;
    std::optional<std::string_view> fail_with;
    std::optional<std::int64_t> sleep_ms;
    std::optional<std::string_view> log;
    std::optional<std::string_view> read;

    static void declare(sdk::Fields<Params>& f) {
      f.add("reports", &Params::reports, "Objects to report as usage, each at every attempt");
      f.add("output", &Params::output, "To write as llm_usage");
      f.add("response", &Params::response, "To write as response");
      f.add("api_key", &Params::api_key, "A secret that is not used").secret();
      f.add("fail_times", &Params::fail_times, "So many attempts of a call fail");
      f.add("fail_with", &Params::fail_with, "What they say");
      f.add("sleep_ms", &Params::sleep_ms, "Sleep before ending");
      f.add("log", &Params::log, "To log as information");
      f.add("read", &Params::read, "A path in the store to write as found");
    }
  };

  static void describe(sdk::Description& d) {
    d.text("Tells of LLM calls what it is told to.")
        .primary("response", sdk::Output::kAny, "The parameter response")
        .output("llm_usage", sdk::Output::kAny, "The parameter output")
        .output("found", sdk::Output::kAny, "What was read");
  }

  sdk::Outcome run(const Params& params, sdk::Call& call) const {
    if (params.response) call.set("response", params.response);
    if (params.output) call.set("llm_usage", params.output);
    if (params.log) call.log(sdk::Level::kInfo, *params.log);
    for (std::size_t i = 0; i < params.reports.size(); ++i)
      call.report(usage_of(params.reports[i], call));
    if (params.read) {
      if (const sdk::Value found = call.get(*params.read)) call.set("found", found);
    }
    if (params.sleep_ms) std::this_thread::sleep_for(std::chrono::milliseconds(*params.sleep_ms));
    if (call.info().attempt <= static_cast<std::uint64_t>(params.fail_times.value_or(0))) {
      throw sdk::Failure{.code = "meter_failed",
                         .message = std::string(params.fail_with.value_or("it was told to fail")),
                         .retryable = true};
    }
    return {};
  }
};

}  // namespace

PFLOW_PLUGIN("pflow.test.meter", "1.0.0", Meter);
