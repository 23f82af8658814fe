#pragma once

#include <cstdint>
#include <string>

#include "core/base/error.hpp"
#include "core/base/value.hpp"

namespace pflow {

/// What kind of failure it was, as far as retrying it goes.
enum class FailureKind : std::uint8_t { kOther, kInvalidParameters, kAuthentication, kTimeout, kCancelled };

/// Why a call failed.
struct Failure {
  Code code = Code::kNodeFailed;
  FailureKind kind = FailureKind::kOther;
  std::string node_code = {};  ///< the plugin's own machine code, e.g. "exit_status"; may be empty
  std::string message = {};
  std::string hint = {};
  std::string where = {};  ///< a parameter's place below the parameters ("/message"), or empty
  Value detail = {};       ///< what else the plugin told, or null
  bool retryable = false;
  std::int32_t origin_code = 0;      ///< HTTP status, exit code, errno; 0 = none
  std::int64_t retry_after_ms = -1;  ///< -1 = unknown
};

/// `${id.error}`: {"code", "message"} and, where known, "origin_code", "retryable", "detail".
[[nodiscard]] Value failure_value(const Failure& failure);

}  // namespace pflow
