#include "core/trace/llm_totals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/object_builder.hpp"
#include "core/trace/trace_members.hpp"
#include "core/trace/value_facts.hpp"

namespace pflow {

using namespace trace;

namespace {

// A file may hold any number: sums end at the largest.
template <typename Number>
void add_up(Number& sum, Number more) noexcept {
  sum = more > std::numeric_limits<Number>::max() - sum ? std::numeric_limits<Number>::max() : sum + more;
}

}  // namespace

void LlmTotals::add(const Value& llm_call) {
  if (!llm_call.is_object()) return;
  add_usage(llm_call);
  const Value* further = llm_call.find(kFurther);
  if (further == nullptr || !further->is_array()) return;
  for (const Value& more : further->items()) {
    if (more.is_object()) add_usage(more);
  }
}

void LlmTotals::add_usage(const Value& call) {
  ++calls;
  if (const Value* usage = call.find(kUsage)) {
    add_up(input_tokens, count_in(*usage, kInputTokens).value_or(0));
    add_up(output_tokens, count_in(*usage, kOutputTokens).value_or(0));
  }
  constexpr double kMostUsd = 9e9;  // in nano-dollars this fits
  const auto cost = number_in(call, kCostUsd);
  if (cost && *cost >= 0 && *cost <= kMostUsd) {
    add_up(cost_nano_usd, static_cast<std::int64_t>(std::llround(*cost * 1e9)));
  } else {
    cost_incomplete = true;
  }
  if (text_in(call, kCostBasis) == "unknown") cost_incomplete = true;
  add_model(text_in(call, kModel));
}

void LlmTotals::add(const LlmTotals& more) {
  add_up(calls, more.calls);
  add_up(input_tokens, more.input_tokens);
  add_up(output_tokens, more.output_tokens);
  add_up(cost_nano_usd, more.cost_nano_usd);
  cost_incomplete = cost_incomplete || more.cost_incomplete;
  for (const std::string& model : more.models)
    add_model(model);
}

void LlmTotals::add_model(std::string_view model) {
  constexpr std::size_t kMostModels = 1000;  // nobody uses more; each is looked for among the others
  if (model.empty() || models.size() == kMostModels) return;
  if (std::find(models.begin(), models.end(), model) == models.end()) models.emplace_back(model);
}

std::uint64_t LlmTotals::total_tokens() const noexcept {
  std::uint64_t sum = input_tokens;
  add_up(sum, output_tokens);
  return sum;
}

Value LlmTotals::summary() const {
  std::vector<Value> names;
  for (const std::string& model : models)
    names.push_back(Value::string(model));
  ObjectBuilder summary;
  summary.add(kCalls, Value::integer(calls));
  summary.add(kCostUsd, Value::number(cost_usd()));
  summary.add(kCostIncomplete, Value::boolean(cost_incomplete));
  summary.add(kInputTokens, Value::integer(input_tokens));
  summary.add(kOutputTokens, Value::integer(output_tokens));
  summary.add(kTotalTokens, Value::integer(total_tokens()));
  summary.add(kModels, Value::array(names));
  return summary.finish();
}

}  // namespace pflow
