#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/services/http/body_decoder.hpp"
#include "host/services/http/curl_handles.hpp"
#include "host/services/http/head_reader.hpp"
#include "host/services/http/http_client.hpp"
#include "host/services/http/name_gate.hpp"
#include "host/services/http/url.hpp"

namespace pflow::host {

class Exchange;

/// What an exchange tells its client from within libcurl, where the client can only take a note.
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;
  virtual void went_ahead(Exchange& exchange, NameGate::Outcome outcome) = 0;
  virtual void socket_opened() noexcept = 0;
  virtual void socket_closed() noexcept = 0;
};

/// One request and its answer, over as many hops as there are redirects. Lives on the I/O thread once it was begun.
class Exchange {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  using Id = HttpClient::Id;

  static constexpr std::chrono::milliseconds kConnectTimeout{30'000};

  Exchange(Id id, HttpRequest request, HttpListener& listener);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Reads the address. False: it has an error and can only be ended.
  [[nodiscard]] bool check(UrlMemory& urls);

  /// Prepares `easy`, which is kept, for the next hop. False: as above.
  [[nodiscard]] bool prepare(EasyHandle easy, ExchangeOwner& owner);

  /// What is to come of a hop that libcurl has ended.
  enum class Next : std::uint8_t { kHop, kEnd };

  /// `result` is a CURLcode. Gives kHop after a redirect; the handle stays here.
  [[nodiscard]] Next hop_done(int result);

  /// Takes the hop's bytes and times from its handle, when it was cut short; `hop_done` does it too.
  void account();

  /// Ends the pause; whatever has gathered is told meanwhile. False: it has an error and can only be ended.
  [[nodiscard]] bool resume();

  /// The next time at which `overdue` is to be asked; nothing: never.
  [[nodiscard]] std::optional<Time> next_check() const;

  /// True: it has an error now and can only be ended.
  [[nodiscard]] bool overdue(Time now);

  void fail(HttpError error);  ///< the first error stays
  void fail_as(int curl_code);

  /// Tells the listener the end, as the last thing.
  void tell_end(Time now);

  [[nodiscard]] Id id() const noexcept { return id_; }

  [[nodiscard]] CURL* easy() const noexcept { return easy_.get(); }

  [[nodiscard]] EasyHandle give_up_easy() noexcept { return std::move(easy_); }

  [[nodiscard]] const std::string& place() const noexcept { return url_.place; }

  [[nodiscard]] std::string name() const;  ///< for messages

  // The client's notes.
  bool transferring = false;  ///< its handle is with libcurl
  bool ahead = false;         ///< it went ahead of others (NameGate)
  std::optional<Time> timer;  ///< its entry among the client's

 private:
  static std::size_t header_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t body_arrived(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static curl_socket_t open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int close(void* owner, curl_socket_t socket) noexcept;
  static int connected(void* self, char* peer, char* own, int peer_port, int own_port) noexcept;

  bool take_header(std::string_view line);
  bool head_complete();
  void find_redirect();
  void tell_head();
  bool refuse_length();
  std::size_t take_body(std::string_view piece);
  std::size_t take_packed(std::string_view piece);
  HttpFlow give(std::string_view piece);
  std::size_t pause() noexcept;
  void check_end_of_body();
  [[nodiscard]] std::string codings();
  bool set_options(ExchangeOwner& owner);
  [[nodiscard]] bool body_counts_as_head() const;
  void note_byte();

  Id id_;
  HttpRequest request_;
  HttpListener& listener_;
  Time began_ = Clock::now();
  ExchangeOwner* owner_ = nullptr;
  HeaderList headers_;
  EasyHandle easy_;  // goes before the headers, which libcurl reads

  HttpUrl url_;
  std::string method_;
  bool with_body_ = true;
  bool own_headers_ = true;  ///< still with those whom the caller's headers are for

  HeadReader head_;
  std::optional<BodyDecoder> decoder_;
  std::size_t decoded_before_ = 0;  ///< bytes of the piece that libcurl keeps in a pause
  std::optional<HttpUrl> redirect_;
  std::size_t redirect_bytes_ = 0;
  std::int64_t body_bytes_ = 0;
  bool told_to_pause_ = false;
  bool paused_ = false;  ///< libcurl knows of it
  int socket_error_ = 0;

  Time hop_began_{};
  Time first_byte_{};
  Time last_byte_{};
  curl_off_t bytes_seen_ = 0;

  HttpEnd end_;
  char text_[CURL_ERROR_SIZE] = {};
};

}  // namespace pflow::host
