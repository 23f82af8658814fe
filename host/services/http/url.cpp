#include "host/services/http/url.hpp"

#include <algorithm>

#include "host/services/http/curl_handles.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kMostBytes = 1U << 20;

std::string part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return {};
  const CurlText owned(text);
  return text;
}

bool set(CURLU* url, std::string_view text, std::string& fault) {
  // curl_url_set reads up to a NUL: one in the text would hide the rest.
  if (std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; })) {
    fault = "it holds a control character";
    return false;
  }
  if (text.size() > kMostBytes) {
    fault = "it is longer than 1 MiB";
    return false;
  }
  const CURLUcode rc =
      curl_url_set(url, CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
  if (rc == CURLUE_OK) return true;
  fault = rc == CURLUE_BAD_SCHEME ? "it does not begin with http:// or https://" : curl_url_strerror(rc);
  return false;
}

std::optional<HttpUrl> read(CURLU* url, std::string& fault) {
  HttpUrl out;
  const std::string scheme = part(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    fault = "its scheme is \"" + scheme + "\"; http and https are supported";
    return std::nullopt;
  }
  out.https = scheme == "https";
  out.user = part(url, CURLUPART_USER, CURLU_URLDECODE);
  out.password = part(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
  out.has_credentials = !out.user.empty() || !out.password.empty();
  for (const CURLUPart away : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT})
    curl_url_set(url, away, nullptr, 0);
  out.full = part(url, CURLUPART_URL);
  std::string host = part(url, CURLUPART_HOST);
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  out.place = host + ':' + part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  out.origin = scheme + "://" + out.place;
  const std::string port = part(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  out.shown = scheme + "://" + host + (port.empty() ? "" : ":" + port) + part(url, CURLUPART_PATH);
  if (out.full.empty() || host.empty()) {
    fault = "it names no host";
    return std::nullopt;
  }
  return out;
}

}  // namespace

std::optional<HttpUrl> parse_url(std::string_view text, std::string& fault) {
  if (text.empty()) {
    fault = "it is empty";
    return std::nullopt;
  }
  const UrlHandle url(curl_url());
  if (url == nullptr) throw std::bad_alloc();
  if (!set(url.get(), text, fault)) return std::nullopt;
  return read(url.get(), fault);
}

std::optional<HttpUrl> follow_url(const HttpUrl& from, std::string_view location, std::string& fault) {
  const UrlHandle url(curl_url());
  if (url == nullptr) throw std::bad_alloc();
  if (!set(url.get(), from.full, fault) || !set(url.get(), location, fault)) return std::nullopt;
  std::optional<HttpUrl> to = read(url.get(), fault);
  if (!to) return to;
  const bool same = to->origin == from.origin;
  to->user = same ? from.user : std::string();
  to->password = same ? from.password : std::string();
  to->has_credentials = same && from.has_credentials;
  return to;
}

const HttpUrl* UrlMemory::parse(const std::string& text, std::string& fault) {
  const auto found = known_.find(text);
  if (found != known_.end()) return &found->second;
  std::optional<HttpUrl> url = parse_url(text, fault);
  if (!url) return nullptr;
  if (known_.size() >= kMost) known_.clear();
  return &known_.emplace(text, *std::move(url)).first->second;
}

}  // namespace pflow::host
