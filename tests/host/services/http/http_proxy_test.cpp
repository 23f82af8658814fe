
#include <cstdlib>

#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/scripted_server.hpp"

namespace pflow::host {
namespace {

// The surroundings of whoever runs the tests are not theirs.
struct NoProxies {
  NoProxies() {
    for (const char* name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): before the first client
  }
};

BOOST_TEST_GLOBAL_FIXTURE(NoProxies);

// A variable, for as long as no client runs beside it.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }

  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

BOOST_AUTO_TEST_SUITE(http_proxy)

BOOST_AUTO_TEST_CASE(it_is_the_one_that_the_environment_names) {
  ScriptedServer proxy([](Peer& peer) { peer.answer(peer.read_request()); });
  const Variable set("http_proxy", proxy.url(""));
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get("http://nobody.invalid/x?y"), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "", answer.error_message());
  BOOST_TEST(answer.body.starts_with("GET http://nobody.invalid/x?y HTTP/1.1\r\n"), answer.body);
}

BOOST_AUTO_TEST_CASE(who_is_excepted_is_asked_directly) {
  ScriptedServer server([](Peer& peer) { peer.answer(peer.read_request()); });
  const Variable set("http_proxy", "http://127.0.0.1:" + std::to_string(dead_port()));
  const Variable except("no_proxy", "127.0.0.1");
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/x")), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "", answer.error_message());
  BOOST_TEST(answer.body.starts_with("GET /x HTTP/1.1\r\n"), answer.body);
}

BOOST_AUTO_TEST_CASE(one_that_does_not_listen_is_to_blame) {
  const Variable set("http_proxy", "http://127.0.0.1:" + std::to_string(dead_port()));
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get("http://nobody.invalid/x"), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "proxy_failed");
  BOOST_TEST(answer.error_message() == "GET http://nobody.invalid/x: the proxy 127.0.0.1: connection refused");
}

BOOST_AUTO_TEST_CASE(one_without_an_address_is_to_blame) {
  const Variable set("http_proxy", "http://me:secret@nobody.invalid:3128");
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get("http://127.0.0.1/x"), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "proxy_failed");
  BOOST_TEST(answer.error_message() == "GET http://127.0.0.1/x: could not resolve proxy: nobody.invalid");
}

BOOST_AUTO_TEST_CASE(one_that_refuses_a_tunnel_is_to_blame) {
  ScriptedServer proxy([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  const Variable set("https_proxy", proxy.url(""));
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get("https://nobody.invalid/x"), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "proxy_failed");
  BOOST_TEST(answer.error_message() == "GET https://nobody.invalid/x: the proxy refused the connection (status 403)");
  BOOST_TEST(answer.heads == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
