#pragma once
#include <string>
#include <string_view>

namespace pflow::llm {

/// "api.acme.com:8080" of a URL, in lower case: without user and password, and without the port that its scheme has
/// anyway. Empty: it is no URL with a server.
[[nodiscard]] std::string server_of(std::string_view url);

/// A URL as one may show it: without user and password, query and fragment, which may hold secrets.
[[nodiscard]] std::string shown_url(std::string_view url);

}  // namespace pflow::llm
