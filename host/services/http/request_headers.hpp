#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/services/http/curl_handles.hpp"
#include "host/services/http/http_client.hpp"

namespace pflow::host {

/// What stands against sending this request, whatever its address: no method, a header that would end its line and
/// begin another, one that contradicts the body. Nothing: none.
[[nodiscard]] std::optional<std::string> request_fault(const HttpRequest& request);

/// Which of the caller's headers go on: after a redirect to somebody else only those that say nothing about the caller.
enum class Forwarding : std::uint8_t { kAll, kHarmless };

/// The headers as libcurl takes them. `with_body`: whether the body goes on; its headers do only then. Throws
/// std::bad_alloc.
[[nodiscard]] HeaderList header_list(const HttpRequest& request, Forwarding forwarding, bool with_body);

}  // namespace pflow::host
