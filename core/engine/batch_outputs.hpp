#pragma once

#include <cstddef>
#include <vector>

#include "core/engine/call.hpp"
#include "core/engine/node_type.hpp"
#include "core/engine/plan.hpp"
#include "core/store/value_map.hpp"

namespace pflow {

/// What a batch writes in the place of its node type's outputs: results (primary), count, success_count, error_count,
/// errors, batch_metadata.
[[nodiscard]] const std::vector<OutputSpec>& batch_output_specs();

/// Collects what a batch's items become. O(items), a handle and a number each, besides the results themselves.
class BatchOutputs {
 public:
  BatchOutputs() = default;

  explicit BatchOutputs(std::size_t items) : results_(items) {}

  void succeeded(std::size_t index, const ValueMap& outputs, const Value& item);
  void failed(std::size_t index, const Value& item, const Failure& failure);  ///< its result stays null

  void timed(double ms) { times_ms_.push_back(ms); }

  [[nodiscard]] std::size_t failures() const noexcept { return errors_.size(); }

  /// Stages everything as outputs of `whole`. Once.
  void write(const PlanBatch& batch, double total_ms, Call& whole);

 private:
  [[nodiscard]] Value timing(double total_ms);
  [[nodiscard]] const Value& shared_key(std::string_view name);  ///< until the next call

  std::vector<Value> results_;
  std::vector<Value> errors_;
  std::vector<double> times_ms_;
  std::vector<Value> keys_;  // of results
  std::size_t successes_ = 0;
};

}  // namespace pflow
