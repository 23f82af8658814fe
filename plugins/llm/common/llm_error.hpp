#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "llm_wire.hpp"
#include <pflow/node.hpp>

/// What servers say is wrong, brought to one form: stable codes, what is worth a retry, and a message that says who,
/// what and how to mend it.
namespace pflow::llm {

/// Reads {"error": {"message", "type", "code", "param", "status", "details"}}, {"error": "..."}, {"message": "..."} and
/// a list of one of them, the retryDelay of Google's RetryInfo included. Of a body that is none of these, its beginning
/// is the message.
[[nodiscard]] ProviderError read_error_body(std::string_view body);

/// Where a failure happened: for its message.
struct Asked {
  std::string_view title;     ///< "OpenAI"
  std::string_view provider;  ///< "openai"
  std::string_view model;
  std::string_view key_setting;              ///< empty: there is no key
  std::string_view request_id;               ///< empty: none came
  std::string_view url;                      ///< which was asked, without query
  std::string_view unreachable_advice = {};  ///< ProviderFacts has them
  std::string_view no_model_advice = {};
};

/// Headers that decide whether and when to try again. Empty: did not come.
struct RetryHeaders {
  std::string should_retry;
  std::string retry_after;
  std::string retry_after_ms;
  std::string date = {};
};

/// The failure for an HTTP status, or for an error inside a stream (status 0).
///
/// Codes: auth_failed (401), permission_denied (403), insufficient_quota, rate_limited (429), model_not_found,
/// not_found (404), overloaded (529, 503 by its words), server_error (>= 500), timeout (408, 504), conflict (409),
/// context_too_long, content_filtered, bad_request (other 4xx), stream_error (status 0, of an unknown kind).
/// Retryable: 408, 409, 429 but no insufficient_quota, >= 500; x-should-retry decides before that.
[[nodiscard]] sdk::Failure failure_of(const Asked& asked, std::int32_t status, const ProviderError& error,
                                      const RetryHeaders& headers);

/// A failure of the provider's that no status tells: "stream_broken", "malformed_answer", ...
[[nodiscard]] sdk::Failure failure_of(const Asked& asked, pflow_status status, std::string code, std::string_view what,
                                      bool retryable);

/// There is no key: names the variable, the settings and the provider that needs none.
[[nodiscard]] sdk::Failure missing_key(const Asked& asked);

}  // namespace pflow::llm
