#include "core/ir/decode_node.hpp"

#include <cmath>

#include "core/ir/keys.hpp"

namespace pflow::ir {
namespace {

constexpr IntegerRange kAttemptsRange{1, 100};
constexpr IntegerRange kWaitMsRange{0, 3'600'000};
constexpr NumberRange kBackoffRange{1, 10};
constexpr IntegerRange kConcurrentRange{1, 10'000};
constexpr NumberRange kRetryWaitSecondsRange{0, 3'600};
constexpr double kMsPerSecond = 1000;

RetryPolicy decode_retry(const Value& value, const Place& place, ProblemReport& report) {
  const ObjectReader in(report, value, place, keys::kRetryKeys, "\"retry\"");
  RetryPolicy retry;
  retry.max_attempts =
      static_cast<std::uint32_t>(in.integer(in.field(keys::kMaxAttempts), kAttemptsRange).value_or(retry.max_attempts));
  retry.wait_ms = in.integer(in.field(keys::kWaitMs), kWaitMsRange).value_or(retry.wait_ms);
  retry.backoff = in.number(in.field(keys::kBackoff), kBackoffRange).value_or(retry.backoff);
  retry.max_wait_ms = in.integer(in.field(keys::kMaxWaitMs), kWaitMsRange).value_or(retry.max_wait_ms);
  return retry;
}

Batch decode_batch(const Value& value, const Place& place, ProblemReport& report) {
  const ObjectReader in(report, value, place, keys::kBatchKeys, "\"batch\"");
  Batch batch;
  const Field items = in.required(in.field(keys::kItems), "A batch needs the items that the node is called with.");
  if (items.value != nullptr) {
    if (items.value->is_array() || items.value->is_string()) {
      batch.items = *items.value;
    } else {
      in.report_wrong_type(items, "an array or a template");
    }
  }
  if (const std::optional<std::string_view> as = in.text(in.field(keys::kAs))) {
    batch.as = *as;
    check_name(report, Place(place, keys::kAs), *as, "item name");
  }
  batch.parallel = in.boolean(in.field(keys::kParallel)).value_or(batch.parallel);
  batch.max_concurrent = static_cast<std::uint32_t>(
      in.integer(in.field(keys::kMaxConcurrent), kConcurrentRange).value_or(batch.max_concurrent));
  if (const auto handling = in.word(in.field(keys::kErrorHandling), keys::kErrorHandlingWords, "Known values")) {
    batch.fail_fast = *handling == keys::kFailFast;
  }
  if (const auto tries = in.integer(in.field(keys::kMaxRetries), kAttemptsRange)) {
    batch.max_retries = static_cast<std::uint32_t>(*tries);
  }
  if (const std::optional<double> seconds = in.number(in.field(keys::kRetryWait), kRetryWaitSecondsRange)) {
    batch.retry_wait_ms = std::llround(*seconds * kMsPerSecond);
  }
  return batch;
}

}  // namespace

Node decode_node(const Value& value, Place& place, ProblemReport& report) {
  if (const Value* id = value.find(keys::kId); id != nullptr && id->is_string()) place.belongs_to(id->text());
  const ObjectReader in(report, value, place, keys::kNodeKeys, "a node");
  constexpr std::string_view kNeeds = "A node needs \"id\" and \"type\".";
  Node node;
  if (const std::optional<std::string_view> id = in.text(in.required(in.field(keys::kId), kNeeds))) {
    node.id = *id;
    check_name(report, Place(place, keys::kId), *id, "node id");
  }
  node.type = in.non_empty_text(in.required(in.field(keys::kType), kNeeds)).value_or("");
  node.purpose = in.text(in.field(keys::kPurpose)).value_or("");
  const Field params = in.field(keys::kParams, keys::kParameters);
  node.params_key = params.key;
  if (const Value* object = in.object(params)) node.params = *object;
  if (const Field batch = in.field(keys::kBatch); batch.value != nullptr) {
    node.batch = decode_batch(*batch.value, Place(place, keys::kBatch), report);
  }
  if (const Field retry = in.field(keys::kRetry); retry.value != nullptr) {
    node.retry = decode_retry(*retry.value, Place(place, keys::kRetry), report);
  }
  node.timeout_ms = in.integer(in.field(keys::kTimeoutMs), {1, kMaxTimeMs});
  return node;
}

}  // namespace pflow::ir
