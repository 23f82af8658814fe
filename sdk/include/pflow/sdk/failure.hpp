#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "pflow/plugin.h"

namespace pflow::sdk {
inline namespace v1 {

/// Why a call failed. Throw it from a node: the edge of the plugin hands it to the host.
///
/// `code` is a stable word for machines ([a-z0-9_.]+); `message` is one sentence for a person: what went wrong, with
/// what, and what to do. Mark `retryable` only what may work on a second try with the same parameters.
struct Failure {
  pflow_status status = PFLOW_E_INTERNAL;  ///< a PFLOW_E_*; anything else is reported as PFLOW_E_INTERNAL
  std::string code = {};
  std::string message = {};
  bool retryable = false;
  std::int32_t origin_code = 0;  ///< HTTP status, exit code, errno; 0 = none
  std::int64_t retry_after_ms = -1;
  std::string detail_json = {};
};

/// Success or a Failure, for nodes that return instead of throwing, and for Completion::finish.
class Outcome {
 public:
  Outcome() noexcept = default;

  Outcome(Failure failure) : failure_(std::move(failure)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  std::optional<Failure> failure_;
};

}  // namespace v1
}  // namespace pflow::sdk
