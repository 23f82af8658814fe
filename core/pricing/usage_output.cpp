#include <fmt/format.h>

#include <cmath>
#include <initializer_list>

#include "core/base/saturating.hpp"
#include "core/pricing/price_book.hpp"

namespace pflow {
namespace {

constexpr std::size_t kLongestName = 256;

// The first of these names that has a count; one name may lead into an object: "prompt_tokens_details/cached_tokens".
// What is there and is no count is told.
std::optional<std::int64_t> count_in(const Value& usage, std::initializer_list<std::string_view> names,
                                     Problems& problems) {
  for (const std::string_view name : names) {
    const std::size_t slash = name.find('/');
    const Value* at = usage.find(name.substr(0, slash));
    if (at != nullptr && slash != std::string_view::npos) at = at->find(name.substr(slash + 1));
    if (at == nullptr || at->is_null()) continue;
    const double count = at->is_number() ? at->as_double() : -1;
    if (std::isfinite(count) && count >= 0 && count < 9e18) return static_cast<std::int64_t>(count);
    Error e;
    e.code = Code::kInvalidValue;
    e.message = fmt::format("llm_usage: \"{}\" is no count of tokens; it is left out", name);
    e.hint = "Write a number that is not negative.";
    problems.push_back(std::move(e));
  }
  return std::nullopt;
}

std::string text_in(const Value& usage, std::string_view name) {
  const Value* v = usage.find(name);
  return v != nullptr && v->is_string() && v->size() <= kLongestName ? std::string(v->text()) : std::string();
}

std::optional<LlmUsageReport> usage_in(const Value& usage, Problems& problems) {
  if (!usage.is_object()) return std::nullopt;
  LlmUsageReport r;
  r.input_tokens = count_in(usage, {"input_tokens", "prompt_tokens"}, problems);
  r.output_tokens = count_in(usage, {"output_tokens", "completion_tokens"}, problems);
  if (!r.input_tokens && !r.output_tokens) {
    const Value* inner = usage.find("usage");  // a whole answer: {"model": ..., "usage": {...}}
    if (inner == nullptr || !inner->is_object() || inner->find("usage") != nullptr) return std::nullopt;
    std::optional<LlmUsageReport> report = usage_in(*inner, problems);
    if (report && report->model.empty()) report->model = text_in(usage, "model");
    if (report && report->provider.empty()) report->provider = text_in(usage, "provider");
    return report;
  }
  r.provider = text_in(usage, "provider");
  r.model = text_in(usage, "model");
  r.requested_model = text_in(usage, "requested_model");
  r.request_id = text_in(usage, "request_id");
  r.cache_read_tokens = count_in(usage,
                                 {"cache_read_input_tokens", "cache_read_tokens", "prompt_tokens_details/cached_tokens",
                                  "input_tokens_details/cached_tokens"},
                                 problems);
  r.cache_write_tokens = count_in(usage, {"cache_creation_input_tokens", "cache_write_tokens"}, problems);
  r.reasoning_tokens = count_in(
      usage,
      {"reasoning_tokens", "completion_tokens_details/reasoning_tokens", "output_tokens_details/reasoning_tokens"},
      problems);
  // Counts exclude each other, as Anthropic's do, when more was cached than there was input, or when the total says so.
  const std::int64_t cached = saturating_add(r.cache_read_tokens.value_or(0), r.cache_write_tokens.value_or(0));
  const std::int64_t input = r.input_tokens.value_or(0);
  const std::int64_t exclusive_total = saturating_add(saturating_add(input, cached), r.output_tokens.value_or(0));
  const bool total_says_so = cached > 0 && count_in(usage, {"total_tokens"}, problems) == exclusive_total;
  if (cached > input || total_says_so) r.input_tokens = saturating_add(input, cached);
  return r;
}

}  // namespace

std::vector<LlmUsageReport> usage_from_output(const Value& output, Problems& problems) {
  std::vector<LlmUsageReport> reports;
  const auto usages = output.is_array() ? output.items() : std::span<const Value>(&output, 1);
  for (const Value& usage : usages) {
    if (std::optional<LlmUsageReport> r = usage_in(usage, problems)) reports.push_back(std::move(*r));
  }
  return reports;
}

}  // namespace pflow
