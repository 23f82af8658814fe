#include "host/services/http/request_headers.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include "host/services/http/body_decoder.hpp"
#include "host/services/http/header_words.hpp"

namespace pflow::host {
namespace {

// What may be in a method or a header's name: RFC 9110's "token".
bool is_token(std::string_view s) noexcept {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !s.empty() && std::all_of(s.begin(), s.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_one_of(std::string_view name, const auto& list) noexcept {
  return std::any_of(list.begin(), list.end(), [&](std::string_view one) { return same_word(name, one); });
}

constexpr std::array<std::string_view, 5> kOfTheBody = {"content-type", "content-encoding", "content-language",
                                                        "content-disposition", "expect"};
constexpr std::array<std::string_view, 6> kHarmless = {"accept",        "accept-encoding", "accept-language",
                                                       "cache-control", "range",           "user-agent"};
constexpr std::array<std::string_view, 4> kOfTheConnection = {"transfer-encoding", "upgrade", "te", "trailer"};

class Builder {
 public:
  void add(const std::string& line) {
    curl_slist* grown = curl_slist_append(list_.get(), line.c_str());
    if (grown == nullptr) throw std::bad_alloc();
    static_cast<void>(list_.release());
    list_.reset(grown);
  }

  HeaderList take() { return std::move(list_); }

 private:
  HeaderList list_;
};

}  // namespace

std::optional<std::string> request_fault(const HttpRequest& request) {
  if (!is_token(request.method)) return "the method is not one word of letters";
  if (same_word(request.method, "CONNECT")) return "CONNECT is not a request to a server";
  if (same_word(request.method, "HEAD") && !request.body.empty()) return "HEAD takes no body";
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return "a header's name is empty or holds a character that none may have";
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return "the header \"" + name + "\" holds a line break or a NUL";
    if (is_one_of(name, kOfTheConnection)) return "the header \"" + name + "\" is not the caller's to set";
    if (same_word(name, "content-length") && trimmed(value) != std::to_string(request.body.size()))
      return "the header \"" + name + "\" contradicts the body";
  }
  return std::nullopt;
}

HeaderList header_list(const HttpRequest& request, Forwarding forwarding, bool with_body) {
  Builder out;
  bool has_type = false;
  bool has_expect = false;
  bool has_agent = false;
  bool has_accepted = !request.decompress;
  for (const auto& [name, value] : request.headers) {
    const bool of_body = is_one_of(name, kOfTheBody);
    if (same_word(name, "content-length") || (of_body && !with_body)) continue;
    if (forwarding == Forwarding::kHarmless && !of_body && !is_one_of(name, kHarmless)) continue;
    has_type = has_type || same_word(name, "content-type");
    has_expect = has_expect || same_word(name, "expect");
    has_agent = has_agent || same_word(name, "user-agent");
    has_accepted = has_accepted || same_word(name, "accept-encoding");
    const std::string_view text = trimmed(value);
    out.add(text.empty() ? name + ';' : (name + ": ").append(text));  // "name:" would take it away
  }
  if (!has_type) out.add("Content-Type:");  // libcurl's own guess would be a form
  if (!has_expect) out.add("Expect:");      // a round trip that servers seldom understand
  if (!has_agent) out.add("User-Agent: pflow-host/" PFLOW_VERSION);
  if (!has_accepted) out.add(std::string("Accept-Encoding: ") + BodyDecoder::kAccepted);
  return out.take();
}

}  // namespace pflow::host
