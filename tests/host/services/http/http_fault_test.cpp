#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/scripted_server.hpp"

namespace pflow::host {
namespace {

using std::chrono::milliseconds;

// Sends a GET to a server that reads the request and then does `script`.
HttpError fault_of(const ScriptedServer::Script& script, HttpRequest request = get("/a?secret"),
                   std::string* body = nullptr) {
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    script(peer);
  });
  const auto client = new_client();
  Answer answer;
  request.url = server.url(request.url);
  static_cast<void>(client->send(std::move(request), answer));
  answer.wait();
  if (body != nullptr) *body = answer.body;
  HttpError error = answer.end.error.value_or(HttpError{PFLOW_OK, "none", "", false});
  const std::string port = std::to_string(server.port());
  if (const std::size_t at = error.message.find(port); at != std::string::npos)
    error.message.replace(at, port.size(), "PORT");
  return error;
}

HttpError fault_of_url(std::string url) {
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(std::move(url)), answer));
  answer.wait();
  BOOST_REQUIRE(answer.end.error);
  return *answer.end.error;
}

HttpError fault_of_request(HttpRequest request) {
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(std::move(request), answer));
  answer.wait();
  BOOST_REQUIRE(answer.end.error);
  return *answer.end.error;
}

#define CHECK_FAULT(error, expected_status, expected_code, expected_message, expected_retryable) \
  do {                                                                                           \
    const HttpError& e = (error);                                                                \
    BOOST_TEST(e.code == (expected_code));                                                       \
    BOOST_TEST(e.message == (expected_message));                                                 \
    BOOST_TEST(e.status == (expected_status));                                                   \
    BOOST_TEST(e.retryable == (expected_retryable));                                             \
  } while (false)

BOOST_AUTO_TEST_SUITE(http_fault)

BOOST_AUTO_TEST_CASE(nobody_listens) {
  const std::string at = "127.0.0.1:" + std::to_string(dead_port());
  CHECK_FAULT(fault_of_url("http://u:secret@" + at + "/p?secret#secret"), PFLOW_E_UNAVAILABLE, "connect_failed",
              "GET http://" + at + "/p: connection refused", true);
}

BOOST_AUTO_TEST_CASE(a_name_has_no_address) {
  CHECK_FAULT(fault_of_url("http://nobody.invalid/p"), PFLOW_E_UNAVAILABLE, "dns_failed",
              "GET http://nobody.invalid/p: the name \"nobody.invalid\" has no address", true);
}

BOOST_AUTO_TEST_CASE(the_connection_is_closed_before_an_answer) {
  CHECK_FAULT(fault_of([](Peer&) {}), PFLOW_E_UNAVAILABLE, "connection_lost",
              "GET http://127.0.0.1:PORT/a: the connection was closed before an answer came", true);
}

BOOST_AUTO_TEST_CASE(the_connection_is_reset) {
  CHECK_FAULT(fault_of([](Peer& peer) { peer.reset(); }), PFLOW_E_UNAVAILABLE, "connection_lost",
              "GET http://127.0.0.1:PORT/a: the connection was reset", true);
}

BOOST_AUTO_TEST_CASE(half_a_body) {
  std::string body;
  CHECK_FAULT(
      fault_of([](Peer& peer) { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"); }, get("/a"), &body),
      PFLOW_E_UNAVAILABLE, "connection_lost",
      "GET http://127.0.0.1:PORT/a: transfer closed with 6 bytes remaining to read", true);
  BOOST_TEST(body == "half");
}

BOOST_AUTO_TEST_CASE(chunks_without_an_end) {
  CHECK_FAULT(
      fault_of([](Peer& peer) { peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"); }),
      PFLOW_E_UNAVAILABLE, "connection_lost",
      "GET http://127.0.0.1:PORT/a: transfer closed with outstanding read data remaining", true);
}

BOOST_AUTO_TEST_CASE(bad_chunks) {
  const HttpError e =
      fault_of([](Peer& peer) { peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n"); });
  BOOST_TEST(e.code == "connection_lost");
  BOOST_TEST(e.message.find("chunked-encoding") != std::string::npos, e.message);
}

BOOST_AUTO_TEST_CASE(chunks_are_put_together_and_trailers_left_out) {
  std::string body;
  const HttpError e = fault_of(
      [](Peer& peer) {
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        peer.send("2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n");
      },
      get("/a"), &body);
  BOOST_TEST(e.code == "none", e.message);
  BOOST_TEST(body == "abcde");
}

BOOST_AUTO_TEST_CASE(what_answers_does_not_speak_http) {
  for (const char* text : {"SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x01\x02", "<html>hello</html>"}) {
    const HttpError e = fault_of([&](Peer& peer) { peer.send(text); });
    BOOST_TEST(e.code == "bad_response", e.message);
    BOOST_TEST(!e.retryable);
    BOOST_TEST(e.message.starts_with("GET http://127.0.0.1:PORT/a: what answered is not HTTP as it should be: "));
  }
}

BOOST_AUTO_TEST_CASE(a_head_without_end) {
  for (const std::size_t line : {std::size_t{100}, std::size_t{120'000}}) {
    const HttpError e = fault_of([&](Peer& peer) {
      peer.send("HTTP/1.1 200 OK\r\n");
      for (int i = 0; i < 600'000; i += static_cast<int>(line))
        peer.send("X: " + std::string(line, 'x') + "\r\n");
      peer.wait_for_end();
    });
    BOOST_TEST(e.code == "too_large", e.message);
  }
}

BOOST_AUTO_TEST_CASE(an_unusable_url_is_explained) {
  for (const auto& [url, why] : std::vector<std::pair<std::string, std::string>>{
           {"", "it is empty"},
           {"127.0.0.1/x", "it does not begin with http:// or https://"},
           {"/x", "it does not begin with http:// or https://"},
           {"ftp://h/x", "its scheme is \"ftp\"; http and https are supported"},
           {"file:///etc/passwd", "its scheme is \"file\"; http and https are supported"},
           {"http://h:99999/", "Port number was not a decimal number between 0 and 65535"},
           {"http://h/a\r\nX: y", "it holds a control character"}}) {
    CHECK_FAULT(fault_of_url(url), PFLOW_E_INVALID, "invalid_url", "the URL cannot be used: " + why, false);
  }
}

BOOST_AUTO_TEST_CASE(a_header_may_not_begin_another) {
  for (const auto& [header, why] : std::vector<std::pair<std::pair<std::string, std::string>, std::string>>{
           {{"X", "a\r\nY: b"}, "the header \"X\" holds a line break or a NUL"},
           {{"X", std::string("a\0b", 3)}, "the header \"X\" holds a line break or a NUL"},
           {{"X\r\nY", "b"}, "a header's name is empty or holds a character that none may have"},
           {{"X:", "b"}, "a header's name is empty or holds a character that none may have"},
           {{"", "b"}, "a header's name is empty or holds a character that none may have"},
           {{"Transfer-Encoding", "chunked"}, "the header \"Transfer-Encoding\" is not the caller's to set"},
           {{"Content-Length", "3"}, "the header \"Content-Length\" contradicts the body"}}) {
    HttpRequest request = get("http://127.0.0.1/p?secret");
    request.headers = {header};
    CHECK_FAULT(fault_of_request(request), PFLOW_E_INVALID, "invalid_request",
                "http://127.0.0.1/p: the request cannot be sent: " + why, false);
  }
}

BOOST_AUTO_TEST_CASE(a_method_is_a_word) {
  for (const char* method : {"", "GET /x", "GET\r\nX: y"}) {
    HttpRequest request = get("http://127.0.0.1/");
    request.method = method;
    CHECK_FAULT(fault_of_request(request), PFLOW_E_INVALID, "invalid_request",
                "http://127.0.0.1/: the request cannot be sent: the method is not one word of letters", false);
  }
}

BOOST_AUTO_TEST_CASE(no_answer_in_time) {
  HttpRequest request = get("/a");
  request.timeout = milliseconds(60);
  CHECK_FAULT(fault_of([](Peer& peer) { peer.wait_for_end(); }, request), PFLOW_E_TIMEOUT, "timeout",
              "GET http://127.0.0.1:PORT/a: no answer came within 60 ms", true);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_slow) {
  HttpRequest request = get("/a");
  request.timeout = milliseconds(60);
  CHECK_FAULT(fault_of(
                  [](Peer& peer) {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    peer.wait_for_end();
                  },
                  request),
              PFLOW_E_TIMEOUT, "timeout", "GET http://127.0.0.1:PORT/a: the answer was not complete after 60 ms", true);
}

BOOST_AUTO_TEST_CASE(a_stream_that_falls_silent) {
  HttpRequest request = get("/a");
  request.idle_timeout = milliseconds(60);
  request.timeout = milliseconds(20'000);
  std::string body;
  CHECK_FAULT(fault_of(
                  [](Peer& peer) {
                    peer.send("HTTP/1.1 200 OK\r\n\r\n");
                    for (int i = 0; i < 20; ++i) {
                      std::this_thread::sleep_for(milliseconds(10));
                      peer.send("x");
                    }
                    peer.wait_for_end();
                  },
                  request, &body),
              PFLOW_E_TIMEOUT, "idle_timeout", "GET http://127.0.0.1:PORT/a: not a byte came for 60 ms", true);
  BOOST_TEST(body == std::string(20, 'x'));
}

BOOST_AUTO_TEST_CASE(a_head_that_does_not_come_is_silence_too) {
  HttpRequest request = get("/a");
  request.idle_timeout = milliseconds(60);
  const HttpError e = fault_of([](Peer& peer) { peer.wait_for_end(); }, request);
  BOOST_TEST(e.code == "idle_timeout", e.message);
}

BOOST_AUTO_TEST_CASE(more_than_is_allowed_is_refused_when_it_is_announced) {
  HttpRequest request = get("/a");
  request.max_response_bytes = 9;
  std::string body;
  CHECK_FAULT(fault_of(
                  [](Peer& peer) {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                    peer.wait_for_end();
                  },
                  request, &body),
              PFLOW_E_IO, "too_large", "GET http://127.0.0.1:PORT/a: the answer has 10 bytes, and 9 are allowed",
              false);
  BOOST_TEST(body.empty());
}

BOOST_AUTO_TEST_CASE(more_than_is_allowed_is_refused_when_it_comes) {
  HttpRequest request = get("/a");
  request.max_response_bytes = 9;
  CHECK_FAULT(fault_of(
                  [](Peer& peer) {
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n");
                    peer.send("1\r\n0\r\n0\r\n\r\n");
                    peer.wait_for_end();
                  },
                  request),
              PFLOW_E_IO, "too_large",
              "GET http://127.0.0.1:PORT/a: the answer has more than the 9 bytes that are allowed", false);
}

BOOST_AUTO_TEST_CASE(exactly_what_is_allowed_is_taken) {
  HttpRequest request = get("/a");
  request.max_response_bytes = 10;
  std::string body;
  const HttpError e = fault_of([](Peer& peer) { peer.answer("0123456789"); }, request, &body);
  BOOST_TEST(e.code == "none", e.message);
  BOOST_TEST(body == "0123456789");
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_for_a_connection) {
  const auto client = new_client();
  const int next = ::dup(0);
  ::close(next);
  rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next);
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  Answer answer;
  static_cast<void>(client->send(get("http://127.0.0.1:1/p"), answer));
  answer.wait();
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK_FAULT(answer.end.error.value(), PFLOW_E_UNAVAILABLE, "too_many_connections",
              "GET http://127.0.0.1:1/p: no descriptor is left for a connection (raise the limit: ulimit -n)", true);
}

BOOST_AUTO_TEST_CASE(a_listener_that_throws_ends_its_exchange) {
  ScriptedServer server([](Peer& peer) {
    peer.read_request();
    peer.answer("x");
  });
  const auto client = new_client();
  Answer answer;
  answer.on_piece = [](std::string_view) -> HttpFlow { throw std::runtime_error("no more"); };
  static_cast<void>(client->send(get(server.url("/")), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "aborted");
  BOOST_TEST(answer.error_message() == "GET " + server.url("/") + ": no more");
}

BOOST_AUTO_TEST_CASE(a_listener_that_wants_no_more_is_told_so) {
  ScriptedServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nx");
    peer.wait_for_end();
  });
  const auto client = new_client();
  Answer answer;
  answer.on_piece = [](std::string_view) { return HttpFlow::kAbort; };
  static_cast<void>(client->send(get(server.url("/")), answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(answer.error_code() == "aborted");
  BOOST_TEST(end.error->status == PFLOW_E_CANCELLED);
  BOOST_TEST(end.status == 200);
  BOOST_TEST(end.bytes_in > 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
