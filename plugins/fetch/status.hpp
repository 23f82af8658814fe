#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <pflow/node.hpp>

namespace pflow::fetch {

/// "Not Found" for 404; empty for a status that has no name of its own.
[[nodiscard]] std::string_view reason_phrase(std::int32_t status) noexcept;

/// Whether sending a request of this method twice does what sending it once does (RFC 9110, 9.2.2).
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// An answer that is no success.
struct BadAnswer {
  std::string_view method;
  std::string_view url;  ///< as it is shown: without query and credentials
  std::int32_t status = 0;
  std::string_view location;  ///< where a redirect that was not followed leads; may be empty
  std::string_view head_of_body;
  bool retryable = false;
  std::int64_t retry_after_ms = -1;
};

/// Its failure: code http_status, origin_code the status.
[[nodiscard]] sdk::Failure failure_of(const BadAnswer& answer);

/// How much had come when a request failed.
enum class Got : std::uint8_t { kNothing, kHead };

/// What the host told about a request that got no whole answer, as fetch passes it on: with the parameter that would
/// change it; retryable by default only if a second request does no harm, and never for a timeout, which has been
/// waited for already.
[[nodiscard]] sdk::Failure failure_of(sdk::Failure told, std::string_view method, Got got);

}  // namespace pflow::fetch
