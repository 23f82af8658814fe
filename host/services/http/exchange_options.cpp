#include "host/services/http/event_loop.hpp"
#include "host/services/http/exchange.hpp"
#include "host/services/http/header_words.hpp"

/// How an exchange is put to libcurl, and what libcurl asks back while it connects.
namespace pflow::host {
namespace {

class Options {
 public:
  explicit Options(CURL* easy) noexcept : easy_(easy) {}

  template <class T>
  void set(CURLoption option, T value) noexcept {
    if (ok_) ok_ = curl_easy_setopt(easy_, option, value) == CURLE_OK;
  }

  void number(CURLoption option, long value) noexcept { set(option, value); }

  void text(CURLoption option, const std::string& value) noexcept { set(option, value.c_str()); }

  [[nodiscard]] bool ok() const noexcept { return ok_; }

 private:
  CURL* easy_;
  bool ok_ = true;
};

void set_method(Options& o, const std::string& method, const std::string& body, bool with_body) {
  const bool post = same_word(method, "POST");
  if (same_word(method, "HEAD")) {
    o.number(CURLOPT_NOBODY, 1);
    return;
  }
  const bool takes_body = post || same_word(method, "PUT") || same_word(method, "PATCH");
  if (with_body && (takes_body || !body.empty())) {
    o.number(CURLOPT_POST, 1);
    o.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    o.set(CURLOPT_POSTFIELDS, body.c_str());
    if (method != "POST") o.text(CURLOPT_CUSTOMREQUEST, method);
  } else if (method != "GET") {
    o.text(CURLOPT_CUSTOMREQUEST, method);
  }
}

}  // namespace

bool Exchange::set_options(ExchangeOwner& owner) {
  Options o(easy_.get());
  text_[0] = '\0';
  o.set(CURLOPT_PRIVATE, static_cast<void*>(this));
  o.set(CURLOPT_ERRORBUFFER, &text_[0]);
  o.text(CURLOPT_URL, url_.full);
  o.set(CURLOPT_PROTOCOLS_STR, "http,https");
  o.number(CURLOPT_NOSIGNAL, 1);
  o.number(CURLOPT_QUICK_EXIT, 1);  // else the end of an exchange waits for its name to be looked up
  o.number(CURLOPT_TCP_NODELAY, 1);
  o.number(CURLOPT_TCP_KEEPALIVE, 1);
  o.number(CURLOPT_DNS_CACHE_TIMEOUT, static_cast<long>(NameGate::kRememberedFor.count()));
  o.number(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (url_.https) o.number(CURLOPT_PIPEWAIT, 1);
  o.number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
  o.number(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.value_or(kConnectTimeout).count()));
  o.number(CURLOPT_SSL_VERIFYPEER, request_.verify_tls ? 1 : 0);
  o.number(CURLOPT_SSL_VERIFYHOST, request_.verify_tls ? 2 : 0);
  if (!request_.ca_file.empty()) o.text(CURLOPT_CAINFO, request_.ca_file);
  if (url_.has_credentials) {
    o.text(CURLOPT_USERNAME, url_.user);
    o.text(CURLOPT_PASSWORD, url_.password);
  }
  set_method(o, method_, request_.body, with_body_);
  o.set(CURLOPT_HTTPHEADER, headers_.get());
  o.set(CURLOPT_HEADERFUNCTION, &header_arrived);
  o.set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  o.set(CURLOPT_WRITEFUNCTION, &body_arrived);
  o.set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  o.set(CURLOPT_OPENSOCKETFUNCTION, &open);
  o.set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  o.set(CURLOPT_CLOSESOCKETFUNCTION, &close);  // a connection outlives its exchange: it knows the owner only
  o.set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(&owner));
  o.set(CURLOPT_PREREQFUNCTION, &connected);
  o.set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  return o.ok();
}

curl_socket_t Exchange::open(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) noexcept {
  auto* exchange = static_cast<Exchange*>(self);
  exchange->owner_->went_ahead(*exchange, NameGate::Outcome::kAddressKnown);
  const NewSocket made = open_socket(address->family, address->socktype, address->protocol);
  if (made.socket < 0) {
    exchange->socket_error_ = made.error;
    return CURL_SOCKET_BAD;
  }
  exchange->socket_error_ = 0;
  exchange->owner_->socket_opened();
  return made.socket;
}

int Exchange::close(void* owner, curl_socket_t socket) noexcept {
  static_cast<ExchangeOwner*>(owner)->socket_closed();
  close_socket(socket);
  return 0;
}

int Exchange::connected(void* self, char* /*peer*/, char* /*own*/, int /*peer_port*/, int /*own_port*/) noexcept {
  auto* exchange = static_cast<Exchange*>(self);
  exchange->owner_->went_ahead(*exchange, NameGate::Outcome::kNothingLearned);
  return CURL_PREREQFUNC_OK;
}

}  // namespace pflow::host
