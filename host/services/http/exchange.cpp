#include "host/services/http/exchange.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <new>
#include <utility>

#include "host/services/http/error_text.hpp"
#include "host/services/http/header_words.hpp"
#include "host/services/http/request_headers.hpp"

namespace pflow::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds kLongestTime{0x7fffffff};  // libcurl's, 24 days

std::string in_ms(milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

curl_off_t number(CURL* easy, CURLINFO what) noexcept {
  curl_off_t value = 0;
  return curl_easy_getinfo(easy, what, &value) == CURLE_OK && value > 0 ? value : 0;
}

}  // namespace

Exchange::Exchange(Id id, HttpRequest request, HttpListener& listener)
    : id_(id), request_(std::move(request)), listener_(listener) {
  for (std::optional<milliseconds>* limit : {&request_.timeout, &request_.connect_timeout, &request_.idle_timeout}) {
    if (*limit) *limit = std::clamp(**limit, milliseconds(1), kLongestTime);
  }
}

std::string Exchange::name() const {
  return exchange_name(method_, url_.shown);
}

bool Exchange::check(UrlMemory& urls) {
  const std::optional<std::string> unfit = request_fault(request_);
  std::string fault;
  if (const HttpUrl* url = urls.parse(request_.url, fault)) {
    url_ = *url;
  } else {
    fail(http_error(PFLOW_E_INVALID, "invalid_url", {}, "the URL cannot be used: " + fault));
    return false;
  }
  if (unfit) {
    fail(http_error(PFLOW_E_INVALID, "invalid_request", url_.shown, "the request cannot be sent: " + *unfit));
    return false;
  }
  method_ = request_.method;
  return true;
}

bool Exchange::prepare(EasyHandle easy, ExchangeOwner& owner) {
  easy_ = std::move(easy);
  owner_ = &owner;
  hop_began_ = Clock::now();
  last_byte_ = hop_began_;
  bytes_seen_ = 0;
  head_.reset();
  redirect_.reset();
  redirect_bytes_ = 0;
  decoder_.reset();
  decoded_before_ = 0;
  if (easy_ == nullptr) {
    fail_as(CURLE_OUT_OF_MEMORY);
    return false;
  }
  headers_ = header_list(request_, own_headers_ ? Forwarding::kAll : Forwarding::kHarmless, with_body_);
  if (set_options(owner)) return true;
  fail_as(CURLE_OUT_OF_MEMORY);
  return false;
}

std::size_t Exchange::header_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto* exchange = static_cast<Exchange*>(self);
  try {
    return exchange->take_header({data, size * count}) ? size * count : 0;
  } catch (const std::exception& e) {
    exchange->fail(http_error(PFLOW_E_INTERNAL, "aborted", exchange->name(), e.what()));
  }
  return 0;
}

std::size_t Exchange::body_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto* exchange = static_cast<Exchange*>(self);
  try {
    return exchange->take_body({data, size * count});
  } catch (const std::exception& e) {
    exchange->fail(http_error(PFLOW_E_INTERNAL, "aborted", exchange->name(), e.what()));
  }
  return 0;
}

bool Exchange::take_header(std::string_view line) {
  if (head_.status() == 0) first_byte_ = Clock::now();
  note_byte();
  switch (head_.take(line)) {
    case HeadReader::Line::kMore:
      return true;
    case HeadReader::Line::kComplete:
      return head_complete();
    case HeadReader::Line::kTooLarge:
      break;
  }
  fail(http_error(PFLOW_E_IO, "too_large", name(), "the answer's head is larger than 256 KiB"));
  return false;
}

bool Exchange::head_complete() {
  end_.status = head_.status();
  find_redirect();
  if (end_.error) return false;
  if (redirect_) return true;
  if (request_.decompress) decoder_.emplace(codings());
  if (decoder_ && decoder_->idle()) decoder_.reset();
  tell_head();
  return !refuse_length();
}

void Exchange::find_redirect() {
  const int s = head_.status();
  if (request_.max_redirects == 0 || !(s == 301 || s == 302 || s == 303 || s == 307 || s == 308)) return;
  const std::optional<std::string_view> location = head_.header("location");
  if (!location || location->empty()) return;
  if (end_.redirects >= request_.max_redirects) {
    fail(http_error(PFLOW_E_IO, "too_many_redirects", name(),
                    "it was redirected more than " + std::to_string(request_.max_redirects) + " times"));
    return;
  }
  std::string fault;
  redirect_ = follow_url(url_, *location, fault);
  if (!redirect_)
    fail(http_error(PFLOW_E_IO, "bad_response", name(), "it is redirected to a URL that cannot be used: " + fault));
}

void Exchange::tell_head() {
  end_.ttfb_ns = (first_byte_ - began_).count();
  const std::vector<pflow_header>& headers = head_.headers();
  HttpHead head;
  head.status = head_.status();
  head.url = url_.full;
  head.headers = headers;
  listener_.on_head(head);
}

// What the server announces; what it sends is counted as it comes.
bool Exchange::refuse_length() {
  if (same_word(method_, "HEAD") || head_.status() == 304 || head_.header("transfer-encoding")) return false;
  if (decoder_) return false;
  const std::string_view text = head_.header("content-length").value_or("0");
  std::int64_t length = 0;
  const std::from_chars_result read = std::from_chars(text.data(), text.data() + text.size(), length);
  if (read.ec != std::errc{} || length <= request_.max_response_bytes) return false;
  fail(http_error(PFLOW_E_IO, "too_large", name(),
                  "the answer has " + std::to_string(length) + " bytes, and " +
                      std::to_string(request_.max_response_bytes) + " are allowed"));
  return true;
}

std::size_t Exchange::take_body(std::string_view piece) {
  note_byte();
  if (redirect_) {  // nobody wants it, but the connection is kept if it is short
    constexpr std::size_t kWorthAConnection = 64U << 10;
    redirect_bytes_ += piece.size();
    return redirect_bytes_ <= kWorthAConnection ? piece.size() : 0;
  }
  if (told_to_pause_) return pause();
  if (decoder_) return take_packed(piece);
  return give(piece) == HttpFlow::kAbort ? 0 : piece.size();
}

// Libcurl keeps the piece for later, and reads no more.
std::size_t Exchange::pause() noexcept {
  paused_ = true;
  return CURL_WRITEFUNC_PAUSE;
}

// A pause in the middle of a piece has libcurl bring all of it again: what was decoded is passed over then.
std::size_t Exchange::take_packed(std::string_view piece) {
  std::array<char, 16U << 10> room;
  std::string_view rest = piece;
  rest.remove_prefix(std::min(decoded_before_, piece.size()));
  decoded_before_ -= piece.size() - rest.size();
  while (const std::size_t bytes = decoder_->next(rest, room)) {
    const HttpFlow flow = give({room.data(), bytes});
    if (flow == HttpFlow::kAbort) return 0;
    if (flow == HttpFlow::kGoOn) continue;
    if (rest.empty() && !decoder_->filled()) return piece.size();
    decoded_before_ = piece.size() - rest.size();
    return pause();
  }
  if (decoder_->fault().empty()) return piece.size();
  fail(http_error(PFLOW_E_IO, "bad_response", name(), "the body cannot be read: " + decoder_->fault()));
  return 0;
}

HttpFlow Exchange::give(std::string_view piece) {
  body_bytes_ += static_cast<std::int64_t>(piece.size());
  if (body_bytes_ > request_.max_response_bytes) {
    fail(http_error(
        PFLOW_E_IO, "too_large", name(),
        "the answer has more than the " + std::to_string(request_.max_response_bytes) + " bytes that are allowed"));
    return HttpFlow::kAbort;
  }
  const HttpFlow flow = listener_.on_data(piece);
  told_to_pause_ = flow == HttpFlow::kPause;
  if (flow == HttpFlow::kAbort)
    fail(http_error(PFLOW_E_CANCELLED, "aborted", name(), "who asked for it wanted no more of the answer"));
  return flow;
}

void Exchange::check_end_of_body() {
  if (!decoder_ || decoder_->may_end()) return;
  fail(http_error(PFLOW_E_IO, "bad_response", name(), "the compressed body breaks off"));
}

std::string Exchange::codings() {
  std::string all;
  for (const pflow_header& h : head_.headers()) {
    if (same_word({h.name.ptr, h.name.len}, "content-encoding")) all.append(h.value.ptr, h.value.len) += ',';
  }
  return all;
}

bool Exchange::resume() {
  told_to_pause_ = false;
  last_byte_ = Clock::now();
  if (!paused_) return true;
  paused_ = false;
  const CURLcode rc = curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
  if (rc != CURLE_OK) fail_as(rc);
  return !end_.error;
}

Exchange::Next Exchange::hop_done(int result) {
  account();
  if (end_.error) return Next::kEnd;
  if (!redirect_) {
    if (result != CURLE_OK) fail_as(result);
    check_end_of_body();
    return Next::kEnd;
  }
  ++end_.redirects;
  const int s = head_.status();
  const bool was_post = same_word(method_, "POST");
  if ((s == 303 && !same_word(method_, "HEAD")) || ((s == 301 || s == 302) && was_post)) {
    method_ = "GET";
    with_body_ = false;
  }
  if (redirect_->origin != url_.origin) own_headers_ = false;
  url_ = *std::exchange(redirect_, std::nullopt);
  return Next::kHop;
}

// A hop's bytes and times, into those of the whole.
void Exchange::account() {
  CURL* const easy = easy_.get();
  long header_bytes = 0;
  long request_bytes = 0;
  long connects = 0;
  curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &header_bytes);
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_bytes);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
  end_.bytes_in += header_bytes + number(easy, CURLINFO_SIZE_DOWNLOAD_T);
  end_.bytes_out += request_bytes + (body_counts_as_head() ? 0 : number(easy, CURLINFO_SIZE_UPLOAD_T));
  end_.reused = connects == 0 && request_bytes > 0;
  const std::int64_t before = (hop_began_ - began_).count();
  const auto since_began = [&](CURLINFO what) {
    const curl_off_t us = end_.reused ? 0 : number(easy, what);
    return us == 0 ? std::int64_t{0} : before + us * 1000;
  };
  end_.dns_ns = since_began(CURLINFO_NAMELOOKUP_TIME_T);
  end_.connect_ns = since_began(CURLINFO_CONNECT_TIME_T);
  end_.tls_ns = since_began(CURLINFO_APPCONNECT_TIME_T);
}

// libcurl sends a small body along with the head and counts it with both, but over HTTP/2.
bool Exchange::body_counts_as_head() const {
  constexpr std::size_t kSentAlong = 64U << 10;
  long version = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
  const auto is_expect = [](const auto& h) { return same_word(h.first, "expect"); };
  return version < CURL_HTTP_VERSION_2_0 && request_.body.size() < kSentAlong &&
         std::none_of(request_.headers.begin(), request_.headers.end(), is_expect);
}

void Exchange::note_byte() {
  if (request_.idle_timeout) last_byte_ = Clock::now();
}

std::optional<Exchange::Time> Exchange::next_check() const {
  std::optional<Time> next;
  if (request_.timeout) next = began_ + *request_.timeout;
  if (request_.idle_timeout && transferring) {
    const Time idle = last_byte_ + *request_.idle_timeout;
    if (!next || idle < *next) next = idle;
  }
  return next;
}

bool Exchange::overdue(Time now) {
  if (request_.timeout && now - began_ >= *request_.timeout) {
    const char* what = head_.complete() ? "the answer was not complete after " : "no answer came within ";
    fail(http_error(PFLOW_E_TIMEOUT, "timeout", name(), what + in_ms(*request_.timeout), Retry::kYes));
    return true;
  }
  if (!request_.idle_timeout || !transferring || now - last_byte_ < *request_.idle_timeout) return false;
  // Bytes that were sent, or decompressed to nothing, are no silence; nor are a pause and the time before a connection,
  // which has a limit of its own.
  const curl_off_t before = number(easy_.get(), CURLINFO_PRETRANSFER_TIME_T);
  const curl_off_t bytes = number(easy_.get(), CURLINFO_SIZE_UPLOAD_T) + number(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T);
  const Time connected_at = hop_began_ + std::chrono::microseconds(before);
  if (told_to_pause_ || before == 0 || std::exchange(bytes_seen_, bytes) != bytes) {
    last_byte_ = now;
  } else if (connected_at > last_byte_) {
    last_byte_ = connected_at;
  }
  if (now - last_byte_ < *request_.idle_timeout) return false;
  fail(http_error(PFLOW_E_TIMEOUT, "idle_timeout", name(), "not a byte came for " + in_ms(*request_.idle_timeout),
                  Retry::kYes));
  return true;
}

void Exchange::fail(HttpError error) {
  if (!end_.error) end_.error = std::move(error);
}

void Exchange::fail_as(int curl_code) {
  if (end_.error) return;
  if (curl_code == CURLE_OPERATION_TIMEDOUT) {
    const milliseconds limit = request_.connect_timeout.value_or(kConnectTimeout);
    fail(http_error(PFLOW_E_TIMEOUT, "connect_timeout", name(), "there was no connection within " + in_ms(limit),
                    Retry::kYes));
    return;
  }
  if (curl_code == CURLE_OUT_OF_MEMORY && head_.status() != 0 && !head_.complete()) {  // so it calls a line too long
    fail(http_error(PFLOW_E_IO, "too_large", name(), "a line of the answer's head is longer than 100 KiB"));
    return;
  }
  CurlFault fault;
  fault.code = curl_code;
  fault.text = text_;
  fault.socket_error = socket_error_;
  std::string host = url_.place.substr(0, url_.place.rfind(':'));
  fault.host = host;
  fault.request = &request_;
  if (easy_ != nullptr) {
    long os_error = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &os_error);
    curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &fault.connect_status);
    fault.os_error = static_cast<int>(os_error);
  }
  fail(http_error(fault, name()));
}

void Exchange::tell_end(Time now) {
  end_.total_ns = (now - began_).count();
  listener_.on_done(end_);
}

}  // namespace pflow::host
