#include "anthropic_usage.hpp"

namespace pflow::llm::anthropic {
namespace {

void take_members(json::object& into, const json::object& from) {
  for (const json::key_value_pair& member : from) {
    if (member.value().is_null()) continue;
    json::value& place = into[member.key()];
    const json::object* inner = member.value().if_object();
    if (inner != nullptr && place.is_object()) {
      take_members(place.get_object(), *inner);
    } else {
      place = member.value();
    }
  }
}

}  // namespace

bool UsageSoFar::take(JsonRef usage) {
  const json::object* told = usage.if_object();
  if (told == nullptr) return false;
  take_members(last_, *told);
  return true;
}

void UsageSoFar::write_to(Reply& reply) const {
  const json::value all(last_);
  const JsonRef usage(all);
  const auto input = usage["input_tokens"].count();
  const auto output = usage["output_tokens"].count();
  if (!input || !output) return;
  TokenCounts counts;
  counts.cache_read = usage["cache_read_input_tokens"].count().value_or(0);
  counts.cache_write = usage["cache_creation_input_tokens"].count().value_or(0);
  counts.input = *input + counts.cache_read + counts.cache_write;
  counts.output = *output;
  counts.reasoning = usage["output_tokens_details"]["thinking_tokens"].count();
  reply.usage = counts;
  reply.raw_usage = json::serialize(all);
  reply.api_flavor = "messages";
}

}  // namespace pflow::llm::anthropic
