#include <curl/curl.h>

#include <exception>
#include <string>
#include <string_view>

#include "host/services/http/curl_client.hpp"
#include "host/services/http/http_client.hpp"

/// The one symbol of pflow-http.so (MakeHttpClient).
extern "C" __attribute__((visibility("default"))) pflow::host::HttpClient* pflow_make_http_client(
    const char* host_version, std::string& why) noexcept {
  try {
    if (std::string_view(host_version) != PFLOW_VERSION) {
      why = "it belongs to version " PFLOW_VERSION ", and this is " + std::string(host_version);
      return nullptr;
    }
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready != CURLE_OK) {
      why = std::string("libcurl does not start: ") + curl_easy_strerror(ready);
      return nullptr;
    }
    return new pflow::host::CurlClient;
  } catch (const std::exception& e) {
    why = e.what();
  }
  return nullptr;
}
