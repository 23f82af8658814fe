#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "answer.hpp"
#include "llm_answer.hpp"
#include "llm_params.hpp"
#include "test_knobs.hpp"
#include "timer.hpp"
#include "tokens.hpp"
#include <pflow/node.hpp>

namespace pflow::llm::offline {
namespace {

using timer::SharedTimer;
using timer::Timer;

/// What a call is going to say when its time has come.
struct Reply {
  Answer answer;
  TestKnobs knobs;
  bool stream = false;
  bool wants_json = false;
  bool too_late = false;  ///< timeout_ms ends before the delay
};

TokenCounts times(TokenCounts counts, std::int64_t n) {
  for (std::int64_t* count : {&counts.input, &counts.output, &counts.cache_read, &counts.cache_write})
    *count *= n;
  if (counts.reasoning) *counts.reasoning *= n;
  return counts;
}

void report(sdk::Call& call, const Reply& reply, const TokenCounts& counts, bool partial) {
  sdk::LlmUsage usage;
  usage.provider = reply.knobs.provider;
  usage.model = reply.answer.model;
  usage.requested_model = reply.answer.model;
  usage.input_tokens = counts.input;
  usage.output_tokens = counts.output;
  usage.cache_read_tokens = counts.cache_read;
  usage.cache_write_tokens = counts.cache_write;
  usage.reasoning_tokens = counts.reasoning;
  usage.cost_nano_usd = reply.knobs.cost_nano_usd;
  usage.estimated = reply.knobs.estimated;
  usage.partial = partial;
  for (std::int64_t i = 0; i < reply.knobs.calls; ++i)
    call.report(usage);
}

void stream(sdk::Call& call, std::string_view text) {
  constexpr std::int64_t kTokensAChunk = 8;
  while (!text.empty()) {
    const std::string_view piece = first_tokens(text, kTokensAChunk);
    call.emit_chunk("text", piece);
    text.remove_prefix(piece.size());
  }
}

// A failed attempt costs what `usage` says, and one that broke off what came before; else nothing.
[[noreturn]] void fail(sdk::Call& call, const Reply& reply) {
  const Fault fault = reply.too_late ? Fault::kTimeout : reply.knobs.fault;
  const bool broke_off = fault == Fault::kBrokenStream;
  TokenCounts counts = reply.answer.usage.value_or(TokenCounts{});
  if (broke_off) {
    const std::string_view half = first_tokens(reply.answer.text, counts.output / 2);
    counts.output = count_tokens(half);
    if (reply.stream) stream(call, half);
  }
  if (reply.knobs.usage) counts = *reply.knobs.usage;
  if (reply.knobs.usage_is_known && (reply.knobs.usage || broke_off)) report(call, reply, counts, broke_off);
  if (!reply.too_late) throw failure_of(fault);
  throw sdk::Failure{.status = PFLOW_E_TIMEOUT,
                     .code = "timeout",
                     .message = "offline provider: no answer within timeout_ms, for extra.delay_ms is longer",
                     .retryable = true};
}

void deliver(sdk::Call& call, const Reply& reply) {
  if (reply.too_late || reply.knobs.fails(call.info().attempt)) fail(call, reply);
  if (reply.stream) stream(call, reply.answer.text);
  Answer answer = reply.answer;
  if (reply.knobs.usage) answer.usage = reply.knobs.usage;
  if (!reply.knobs.usage_is_known) {
    answer.usage.reset();
  } else {
    report(call, reply, *answer.usage, false);
    answer.usage = times(*answer.usage, std::max<std::int64_t>(reply.knobs.calls, 1));
  }
  write_outputs(call, answer);
  if (reply.wants_json && !answer.is_json) {
    throw sdk::Failure{.status = PFLOW_E_INVALID,
                       .code = "truncated_output",
                       .message = "the JSON answer does not fit into max_tokens: it breaks off"};
  }
}

struct Offline {
  static constexpr std::string_view kType = "llm.offline";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING | PFLOW_NODE_IDEMPOTENT;
  using Params = llm::Params;

  static void describe(sdk::Description& d) {
    d.text(
         "Answers llm nodes without a network, a key or a cost: always the same answer to the same prompt. For trying "
         "workflows out and for tests.")
        .retry({.max_attempts = 3, .wait_ms = 10, .backoff = 2, .max_wait_ms = 100})
        .extra("implements", "\"llm\"")
        .extra("provider", "\"offline\"")
        .extra("models", "[]")
        .extra("default_model", "\"offline\"")
        .extra("keys", "[]")
        .extra("by_name_only", "true")
        .example("Ask", R"({"prompt": "Summarise this: ..."})")
        .example("Take the place of a slow model that charges 12 tokens",
                 R"({"prompt": "...", "extra": {"delay_ms": 500, "usage": {"input_tokens": 10, "output_tokens": 2}}})");
    describe_outputs(d);
  }

  sdk::Outcome run(const Params& params, sdk::Call& call) const {
    Reply reply{make_answer(params, call), read_knobs(params.extra)};
    reply.stream = params.stream == true;
    reply.wants_json = params.output_schema || params.json == true;
    reply.too_late = reply.knobs.delay_ms > params.timeout_ms;
    const std::int64_t wait_ms = std::min(reply.knobs.delay_ms, params.timeout_ms);
    if (wait_ms == 0) {
      deliver(call, reply);
      return {};
    }
    // Shared: std::function copies what it holds.
    const auto kept = std::make_shared<const Reply>(std::move(reply));
    Timer& timer = SharedTimer::get();
    timer.end_at(
        Timer::Clock::now() + std::chrono::milliseconds(wait_ms), call.start_async(),
        [kept](sdk::Completion completion) { completion.finish_with([&](sdk::Call& late) { deliver(late, *kept); }); });
    // A cancel() that came before the line above found nothing to cancel.
    if (call.cancelled()) timer.cancel(call.id());
    return {};
  }

  void cancel(sdk::CallId id) const noexcept {
    if (Timer* timer = SharedTimer::if_made(); timer != nullptr) timer->cancel(id);
  }
};

struct Hooks {
  static void deinit() noexcept { SharedTimer::stop(); }
};

}  // namespace
}  // namespace pflow::llm::offline

PFLOW_PLUGIN_WITH(pflow::llm::offline::Hooks, "pflow.llm.offline", "0.1.0", pflow::llm::offline::Offline);
