#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/services/http/http_client.hpp"

/// How exchanges fail, in the words of docs/http.md.
namespace pflow::host {

/// "GET http://127.0.0.1:8080/a": what messages begin with.
[[nodiscard]] std::string exchange_name(std::string_view method, std::string_view shown_url);

enum class Retry : std::uint8_t { kNo, kYes };

[[nodiscard]] HttpError http_error(pflow_status status, std::string_view code, std::string_view name,
                                   std::string_view what, Retry retry = Retry::kNo);

/// What libcurl knows of a transfer that failed.
struct CurlFault {
  int code = 0;             ///< CURLcode
  std::string_view text;    ///< its own words; may be empty
  int os_error = 0;         ///< errno; 0: none
  int socket_error = 0;     ///< errno of a socket that could not be made; 0: none
  long connect_status = 0;  ///< a proxy's answer to CONNECT; 0: none
  std::string_view host;    ///< who was to answer
  const HttpRequest* request = nullptr;
};

/// `name` as exchange_name gives it.
[[nodiscard]] HttpError http_error(const CurlFault& fault, std::string_view name);

}  // namespace pflow::host
