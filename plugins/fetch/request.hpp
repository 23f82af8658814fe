#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "header.hpp"
#include <pflow/node.hpp>

namespace pflow::fetch {

/// What a fetch node takes.
struct Params {
  std::string_view url;
  std::optional<std::string_view> method;
  sdk::Value headers;
  sdk::Value params;
  sdk::Value body;
  std::optional<std::int64_t> timeout_ms;
  std::optional<double> timeout;
  std::optional<std::string_view> auth_token;
  std::optional<std::string_view> api_key;
  std::optional<std::string_view> api_key_header;
  bool follow_redirects = true;
  std::int64_t max_response_bytes = std::int64_t{64} << 20;
  bool verify_tls = true;
  sdk::Value retry_on_status;

  static void declare(sdk::Fields<Params>& f);
};

/// A request that is ready to be sent. `body` is the host's text, valid until the call has ended.
struct Request {
  std::string method;
  std::string url;
  std::string_view body;
  RequestHeaders headers;
  std::chrono::milliseconds timeout{};
  std::int64_t max_response_bytes = 0;
  std::uint32_t flags = 0;  ///< PFLOW_HTTP_*
  std::vector<std::int64_t> retry_on_status;

  [[nodiscard]] bool retries(std::int32_t status) const noexcept;

  [[nodiscard]] sdk::HttpRequest for_host() const;  ///< borrows from this
};

/// Throws sdk::Failure invalid_parameter that names the parameter: before anything is sent.
[[nodiscard]] Request make_request(const Params& params, const sdk::Call& call);

}  // namespace pflow::fetch
