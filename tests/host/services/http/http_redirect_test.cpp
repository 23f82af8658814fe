#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/scripted_server.hpp"

namespace pflow::host {
namespace {

std::string redirect(int status, const std::string& to) {
  return "HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + to + "\r\nContent-Length: 5\r\n\r\nmoved";
}

std::string path_of(const std::string& request) {
  const std::size_t from = request.find(' ') + 1;
  return request.substr(from, request.find(' ', from) - from);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Answers "/to/<status>" with a redirect to "/end", everything else with the request itself.
void send_on(Peer& peer) {
  std::string request;
  while (!(request = peer.read_request()).empty()) {
    const std::string path = path_of(request);
    if (path.starts_with("/to/")) {
      peer.send(redirect(std::stoi(path.substr(4)), "/end"));
    } else {
      peer.answer(request);
    }
  }
}

BOOST_AUTO_TEST_SUITE(http_redirect)

BOOST_AUTO_TEST_CASE(only_the_last_head_is_told) {
  ScriptedServer server(send_on);
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/to/302")), answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error);
  BOOST_TEST(answer.heads == 1);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.url == server.url("/end"));
  BOOST_TEST(!has(answer.body, "moved"));
  BOOST_TEST(end.redirects == 1U);
  BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_post_becomes_a_get_where_browsers_do_it) {
  for (const int status : {301, 302, 303}) {
    ScriptedServer server(send_on);
    const auto client = new_client();
    Answer answer;
    HttpRequest request = post(server.url("/to/" + std::to_string(status)), "body");
    request.headers = {{"Content-Type", "text/x"}, {"X-Mine", "1"}};
    static_cast<void>(client->send(request, answer));
    answer.wait();
    BOOST_TEST(answer.body.starts_with("GET /end "), answer.body);
    BOOST_TEST(!has(answer.body, "Content-Type"));
    BOOST_TEST(has(answer.body, "X-Mine: 1\r\n"));
    BOOST_TEST(answer.body.ends_with("\r\n\r\n"));
  }
}

BOOST_AUTO_TEST_CASE(method_and_body_are_kept_by_307_and_308) {
  for (const int status : {307, 308}) {
    ScriptedServer server(send_on);
    const auto client = new_client();
    Answer answer;
    static_cast<void>(client->send(post(server.url("/to/" + std::to_string(status)), "body"), answer));
    answer.wait();
    BOOST_TEST(answer.body.starts_with("POST /end "), answer.body);
    BOOST_TEST(answer.body.ends_with("\r\n\r\nbody"), answer.body);
  }
}

BOOST_AUTO_TEST_CASE(a_put_stays_a_put_at_302_and_becomes_a_get_at_303) {
  ScriptedServer server(send_on);
  const auto client = new_client();
  for (const auto& [status, method] : {std::pair{302, "PUT"}, std::pair{303, "GET"}}) {
    Answer answer;
    HttpRequest request = post(server.url("/to/" + std::to_string(status)), "body");
    request.method = "PUT";
    static_cast<void>(client->send(request, answer));
    answer.wait();
    BOOST_TEST(answer.body.starts_with(std::string(method) + " /end "), answer.body);
  }
}

BOOST_AUTO_TEST_CASE(what_the_caller_says_of_itself_stays_with_the_host_it_was_for) {
  ScriptedServer other(send_on);
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.send(redirect(307, other.url("/end?q=1")));
  });
  const auto client = new_client();
  Answer answer;
  HttpRequest request = post("http://me:secret@127.0.0.1:" + std::to_string(server.port()) + "/", "body");
  request.headers = {{"Authorization", "Bearer secret"},
                     {"Cookie", "secret"},
                     {"x-api-key", "secret"},
                     {"X-Goog-Api-Key", "secret"},
                     {"Api-Key", "secret"},
                     {"X-Anything", "secret"},
                     {"Proxy-Authorization", "secret"},
                     {"Content-Type", "text/x"},
                     {"Accept", "text/plain"},
                     {"User-Agent", "me"},
                     {"Host", "secret.example.org"}};
  static_cast<void>(client->send(request, answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error);
  BOOST_TEST(answer.url == other.url("/end?q=1"));
  BOOST_TEST(!has(answer.body, "secret"), answer.body);
  BOOST_TEST(!has(answer.body, "Authorization"), answer.body);
  BOOST_TEST(has(answer.body, "Content-Type: text/x\r\n"));
  BOOST_TEST(has(answer.body, "Accept: text/plain\r\n"));
  BOOST_TEST(has(answer.body, "User-Agent: me\r\n"));
  BOOST_TEST(answer.body.ends_with("\r\n\r\nbody"));
}

BOOST_AUTO_TEST_CASE(it_is_not_given_out_again_on_the_way_back) {
  std::string last;
  std::string away;
  ScriptedServer server([&](Peer& peer) {
    std::string request;
    while (!(request = peer.read_request()).empty()) {
      if (path_of(request) == "/") {
        peer.send(redirect(302, away));
      } else {
        last = request;
        peer.answer("home");
      }
    }
  });
  ScriptedServer other([&](Peer& peer) {
    peer.read_request();
    peer.send(redirect(302, server.url("/home")));
  });
  away = other.url("/");
  const auto client = new_client();
  Answer answer;
  HttpRequest request = get(server.url("/"));
  request.headers = {{"Authorization", "Bearer secret"}};
  static_cast<void>(client->send(request, answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(end.redirects == 2U);
  BOOST_TEST(answer.body == "home");
  BOOST_TEST(!has(last, "secret"));
}

BOOST_AUTO_TEST_CASE(credentials_stay_within_one_host) {
  ScriptedServer server(send_on);
  const auto client = new_client();
  Answer answer;
  HttpRequest request = get("http://me:pw@127.0.0.1:" + std::to_string(server.port()) + "/to/302");
  request.headers = {{"x-api-key", "k"}};
  static_cast<void>(client->send(request, answer));
  answer.wait();
  BOOST_TEST(has(answer.body, "x-api-key: k\r\n"));
  BOOST_TEST(has(answer.body, "Authorization: Basic bWU6cHc=\r\n"));
}

BOOST_AUTO_TEST_CASE(a_redirect_may_not_choose_credentials) {
  ScriptedServer server([](Peer& peer) {
    const std::string request = peer.read_request();
    const std::string host = request.substr(request.find("Host: ") + 6,
                                            request.find("\r\n", request.find("Host: ")) - request.find("Host: ") - 6);
    peer.send(redirect(302, "http://you:theirs@" + host + "/end"));
    peer.answer(peer.read_request());
  });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/")), answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error, answer.error_message());
  BOOST_TEST(!has(answer.body, "Authorization"), answer.body);
}

BOOST_AUTO_TEST_CASE(a_circle_ends) {
  ScriptedServer server([](Peer& peer) {
    while (!peer.read_request().empty())
      peer.send(redirect(302, "/again?secret"));
  });
  const auto client = new_client();
  Answer answer;
  HttpRequest request = get(server.url("/"));
  request.max_redirects = 3;
  static_cast<void>(client->send(request, answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(answer.error_code() == "too_many_redirects");
  BOOST_TEST(answer.error_message() == "GET " + server.url("/again") + ": it was redirected more than 3 times");
  BOOST_TEST(end.redirects == 3U);
  BOOST_TEST(answer.heads == 0);
  BOOST_TEST(!end.error->retryable);
}

BOOST_AUTO_TEST_CASE(without_redirects_one_is_an_answer) {
  ScriptedServer server(send_on);
  const auto client = new_client();
  Answer answer;
  HttpRequest request = get(server.url("/to/302"));
  request.max_redirects = 0;
  static_cast<void>(client->send(request, answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error);
  BOOST_TEST(end.status == 302);
  BOOST_TEST(answer.body == "moved");
  BOOST_TEST(answer.header("Location").value_or("") == "/end");
}

BOOST_AUTO_TEST_CASE(other_schemes_are_not_followed) {
  for (const char* to : {"file:///etc/passwd", "ftp://127.0.0.1/x"}) {
    ScriptedServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(redirect(302, to));
    });
    const auto client = new_client();
    Answer answer;
    static_cast<void>(client->send(get(server.url("/")), answer));
    answer.wait();
    BOOST_TEST(answer.error_code() == "bad_response");
    BOOST_TEST(has(answer.error_message(), "; http and https are supported"), answer.error_message());
  }
}

BOOST_AUTO_TEST_CASE(a_redirect_with_a_body_without_end_is_followed_at_once) {
  ScriptedServer server([](Peer& peer) {
    const std::string request = peer.read_request();
    if (path_of(request) == "/end") {
      peer.answer("end");
      return;
    }
    peer.send("HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n");
    for (int i = 0; i < 100; ++i)
      peer.send(std::string(16384, 'x'));
    peer.wait_for_end();
  });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/")), answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error, answer.error_message());
  BOOST_TEST(answer.body == "end");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
