#pragma once

#include <cstdint>
#include <string>

namespace pflow {

/// One HTTP exchange that a node made through the host, as the host saw it. Times since the exchange began; 0: it did
/// not come to that.
struct HttpReport {
  std::string method;
  std::string url;            ///< as it was sent, without a user and password
  std::uint32_t attempt = 1;  ///< of its call
  std::int32_t status = 0;    ///< 0: no answer came
  std::string error_code;     ///< empty: the whole answer came
  std::uint32_t redirects = 0;
  bool reused = false;  ///< over a connection that was open already
  std::int64_t bytes_in = 0;
  std::int64_t bytes_out = 0;
  std::int64_t dns_ns = 0;
  std::int64_t connect_ns = 0;
  std::int64_t tls_ns = 0;
  std::int64_t ttfb_ns = 0;
  std::int64_t total_ns = 0;
};

}  // namespace pflow
