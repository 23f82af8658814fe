#include "llm_answer.hpp"

namespace pflow::llm {
namespace {

// The counts that pflow's own llm nodes write, by its names.
std::string usage_json(const Answer& answer, const TokenCounts& counts) {
  std::string json = "{\"model\":";
  sdk::append_json(json, answer.model);
  const auto add = [&](std::string_view name, std::int64_t count) {
    sdk::append_json(json += ',', name);
    sdk::append_number(json += ':', count);
  };
  add("input_tokens", counts.input);
  add("output_tokens", counts.output);
  add("total_tokens", counts.input + counts.output);
  add("cache_creation_input_tokens", counts.cache_write);
  add("cache_read_input_tokens", counts.cache_read);
  if (counts.reasoning) add("reasoning_tokens", *counts.reasoning);
  return json + '}';
}

}  // namespace

void describe_outputs(sdk::Description& d) {
  d.primary("response", sdk::Output::kAny, "The answer: a text, or a value when JSON was asked for")
      .output("llm_usage", sdk::Output::kObject, "The tokens that it took")
      .output("model", sdk::Output::kString, "The model that answered")
      .output("stop_reason", sdk::Output::kString, "Why the answer ended: end_turn, max_tokens, stop_sequence, ...")
      .output("reasoning", sdk::Output::kString, "What the model thought, as far as it says so");
}

void write_outputs(sdk::Call& call, const Answer& answer) {
  if (answer.is_json) {
    call.set("response", sdk::Json{answer.text});
  } else {
    call.set("response", answer.text);
  }
  if (answer.usage) call.set("llm_usage", sdk::Json{usage_json(answer, *answer.usage)});
  call.set("model", answer.model);
  call.set("stop_reason", answer.stop_reason);
  call.set("reasoning", answer.reasoning);
}

}  // namespace pflow::llm
