#include "core/engine/batch_outputs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include <boost/container/small_vector.hpp>

#include "core/base/object_builder.hpp"

namespace pflow {
namespace {

constexpr std::string_view kResults = "results";
constexpr std::string_view kCount = "count";
constexpr std::string_view kSuccessCount = "success_count";
constexpr std::string_view kErrorCount = "error_count";
constexpr std::string_view kErrors = "errors";
constexpr std::string_view kMetadata = "batch_metadata";
constexpr std::string_view kItem = "item";
constexpr std::size_t kMaxSharedKeys = 32;

Value count_value(std::size_t n) {
  return Value::integer(static_cast<std::uint64_t>(n));
}

Value ms_value_of(double ms) {
  return Value::number(std::round(ms * 1000) / 1000);
}

// The nearest rank.
double percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

const std::vector<OutputSpec>& batch_output_specs() {
  static const std::vector<OutputSpec> specs = {
      {std::string(kResults), "array", "What each item's call wrote, and the item, in the items' order; null: failed",
       true},
      {std::string(kCount), "integer", "Items", false},
      {std::string(kSuccessCount), "integer", "Items whose call succeeded", false},
      {std::string(kErrorCount), "integer", "Items whose call failed", false},
      {std::string(kErrors), "array", "index, item, code and message of each item that failed", false},
      {std::string(kMetadata), "object", "parallel, max_concurrent and timing", false}};
  return specs;
}

void BatchOutputs::succeeded(std::size_t index, const ValueMap& outputs, const Value& item) {
  boost::container::small_vector<Member, 8> members;
  for (const auto& [key, value] : outputs.entries()) {
    if (key != kItem) members.push_back({shared_key(key), value});
  }
  members.push_back({shared_key(kItem), item});
  results_[index] = Value::object({members.data(), members.size()});
  ++successes_;
}

// One text for all results.
const Value& BatchOutputs::shared_key(std::string_view name) {
  const auto known = std::find_if(keys_.begin(), keys_.end(), [&](const Value& k) { return k.text() == name; });
  if (known != keys_.end()) return *known;
  if (keys_.size() >= kMaxSharedKeys) keys_.clear();
  return keys_.emplace_back(Value::string(name));
}

void BatchOutputs::failed(std::size_t index, const Value& item, const Failure& failure) {
  ObjectBuilder m;
  m.add("index", count_value(index));
  m.add(kItem, item);
  m.add("code", failure.node_code.empty() ? code_name(failure.code) : std::string_view(failure.node_code));
  m.add("message", failure.message);
  errors_.push_back(m.finish());
}

Value BatchOutputs::timing(double total_ms) {
  std::sort(times_ms_.begin(), times_ms_.end());
  const bool any = !times_ms_.empty();
  const double sum = std::accumulate(times_ms_.begin(), times_ms_.end(), 0.0);
  ObjectBuilder m;
  m.add("total_ms", ms_value_of(total_ms));
  m.add("avg_ms", ms_value_of(any ? sum / static_cast<double>(times_ms_.size()) : 0));
  m.add("min_ms", ms_value_of(any ? times_ms_.front() : 0));
  m.add("max_ms", ms_value_of(any ? times_ms_.back() : 0));
  m.add("p50_ms", ms_value_of(any ? percentile(times_ms_, 0.5) : 0));
  m.add("p95_ms", ms_value_of(any ? percentile(times_ms_, 0.95) : 0));
  return m.finish();
}

void BatchOutputs::write(const PlanBatch& batch, double total_ms, Call& whole) {
  whole.write(kResults, Value::array(results_));
  whole.write(kCount, count_value(results_.size()));
  whole.write(kSuccessCount, count_value(successes_));
  whole.write(kErrorCount, count_value(errors_.size()));
  whole.write(kErrors, Value::array(errors_));
  ObjectBuilder m;
  m.add("parallel", Value::boolean(batch.parallel));
  m.add("max_concurrent", Value::integer(std::uint64_t{batch.written_max_concurrent}));
  m.add("timing", timing(total_ms));
  whole.write(kMetadata, m.finish());
}

}  // namespace pflow
