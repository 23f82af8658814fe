#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/scripted_server.hpp"

namespace pflow::host {
namespace {

// Sends one request to a server that answers with what came, and gives that.
std::string as_received(HttpRequest request, HttpEnd* how = nullptr) {
  ScriptedServer server([](Peer& peer) {
    std::string request_text;
    while (!(request_text = peer.read_request()).empty())
      peer.answer(request_text);
  });
  const auto client = new_client();
  Answer answer;
  request.url = server.url(request.url);
  static_cast<void>(client->send(std::move(request), answer));
  answer.wait();
  if (how != nullptr) *how = answer.end;
  if (answer.end.error) return answer.error_message();
  const std::string host = "Host: 127.0.0.1:" + std::to_string(server.port());
  if (const std::size_t at = answer.body.find(host); at != std::string::npos)
    answer.body.replace(at, host.size(), "Host: H");
  return answer.body;
}

BOOST_AUTO_TEST_SUITE(http_exchange)

BOOST_AUTO_TEST_CASE(a_get_has_no_body_and_few_headers) {
  HttpRequest request = get("/a?b=c");
  request.decompress = false;
  BOOST_TEST(as_received(request) ==
             "GET /a?b=c HTTP/1.1\r\nHost: H\r\nAccept: */*\r\nUser-Agent: pflow-host/" PFLOW_VERSION "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_post_sends_its_body_and_only_what_the_caller_says_of_it) {
  HttpRequest request = post("/", "{\"a\":1}");
  request.headers = {{"X-Key", " spaced "}, {"Empty", ""}, {"User-Agent", "me"}, {"Content-Length", "7"}};
  request.decompress = false;
  BOOST_TEST(as_received(request) ==
             "POST / HTTP/1.1\r\nHost: H\r\nAccept: */*\r\nX-Key: spaced\r\nEmpty:\r\nUser-Agent: me\r\n"
             "Content-Length: 7\r\n\r\n{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(every_method_goes_with_and_without_a_body) {
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"}) {
    for (const char* body : {"", "body"}) {
      HttpRequest request = post("/", body);
      request.method = method;
      const std::string text = as_received(request);
      BOOST_TEST(text.starts_with(std::string(method) + " / HTTP/1.1\r\n"), text);
      BOOST_TEST(text.ends_with("\r\n\r\n" + std::string(body)), text);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_large_body_arrives_whole_and_is_not_announced_first) {
  const std::string body(3'000'000, 'x');
  const std::string text = as_received(post("/", body));
  BOOST_TEST(text.ends_with("\r\n\r\n" + body));
  BOOST_TEST(text.find("Expect") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_head_request_gets_a_head) {
  HttpEnd end;
  HttpRequest request = get("/");
  request.method = "HEAD";
  BOOST_TEST(as_received(request, &end) == "");
  BOOST_TEST(!end.error);
  BOOST_TEST(end.status == 200);
}

BOOST_AUTO_TEST_CASE(credentials_of_the_url_become_basic_authorization) {
  ScriptedServer server([](Peer& peer) { peer.answer(peer.read_request()); });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(
      client->send(get("http://me:p%40ss@127.0.0.1:" + std::to_string(server.port()) + "/x?q=1#part"), answer));
  answer.wait();
  BOOST_TEST(answer.body.find("Authorization: Basic bWU6cEBzcw==\r\n") != std::string::npos);
  BOOST_TEST(answer.url == server.url("/x?q=1"));
}

BOOST_AUTO_TEST_CASE(an_answer_comes_head_first_in_pieces_and_ends_once) {
  const std::string body(100'000, 'b');
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    peer.answer(body, "X-One: 1\r\nx-two:  2  \r\n");
  });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/")), answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error);
  BOOST_TEST(answer.heads == 1);
  BOOST_TEST(answer.ends == 1);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.header("X-One").value_or("") == "1");
  BOOST_TEST(answer.header("x-two").value_or("") == "2");
  BOOST_TEST(!answer.header("Link"));
  BOOST_TEST((answer.body == body));
  BOOST_TEST(answer.largest_piece <= 16384U);
}

BOOST_AUTO_TEST_CASE(an_error_status_is_an_answer_like_any_other) {
  ScriptedServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\nbusy");
  });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/")), answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error);
  BOOST_TEST(end.status == 503);
  BOOST_TEST(answer.body == "busy");
}

BOOST_AUTO_TEST_CASE(bytes_are_those_that_crossed_the_network) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{10}, std::size_t{65'535}, std::size_t{65'536}, std::size_t{2'000'000}}) {
    std::size_t received = 0;
    ScriptedServer server([&](Peer& peer) {
      received = peer.read_request().size();
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    });
    const auto client = new_client();
    Answer answer;
    static_cast<void>(client->send(post(server.url("/"), std::string(size, 'x')), answer));
    const HttpEnd& end = answer.wait();
    BOOST_TEST(end.bytes_out == static_cast<std::int64_t>(received), size);
    BOOST_TEST(end.bytes_in == 43);
  }
}

BOOST_AUTO_TEST_CASE(times_run_from_the_beginning_and_a_second_exchange_reuses_the_connection) {
  ScriptedServer server([](Peer& peer) {
    while (!peer.read_request().empty())
      peer.answer("x");
  });
  const auto client = new_client();
  Answer first;
  static_cast<void>(client->send(get(server.url("/")), first));
  const HttpEnd a = first.wait();
  BOOST_TEST(!a.reused);
  BOOST_TEST(a.connect_ns > 0);
  BOOST_TEST(a.ttfb_ns >= a.connect_ns);
  BOOST_TEST(a.total_ns >= a.ttfb_ns);
  BOOST_TEST(a.tls_ns == 0);
  Answer second;
  static_cast<void>(client->send(get(server.url("/")), second));
  const HttpEnd b = second.wait();
  BOOST_TEST(b.reused);
  BOOST_TEST(b.connect_ns == 0);
  BOOST_TEST(server.connections() == 1U);
  BOOST_TEST(client->load().connections == 1U);
  BOOST_TEST(client->load().exchanges == 0U);
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_meanwhile_is_replaced) {
  ScriptedServer server([](Peer& peer) {
    peer.read_request();
    peer.answer("once");
  });
  const auto client = new_client();
  for (int i = 0; i < 5; ++i) {
    Answer answer;
    static_cast<void>(client->send(post(server.url("/"), "x"), answer));
    const HttpEnd& end = answer.wait();
    BOOST_TEST(!end.error, answer.error_message());
    BOOST_TEST(answer.body == "once");
  }
}

BOOST_AUTO_TEST_CASE(a_listener_may_send_and_abort) {
  ScriptedServer server([](Peer& peer) {
    while (!peer.read_request().empty())
      peer.answer("x");
  });
  const auto client = new_client();
  Answer second;
  Answer first;
  first.on_end = [&] {
    const HttpClient::Id id = client->send(get(server.url("/")), second);
    client->abort(id);
  };
  static_cast<void>(client->send(get(server.url("/")), first));
  first.wait();
  second.wait();
  BOOST_TEST(second.error_code() == "cancelled");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
