#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/scripted_server.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace pflow::host {
namespace {

// `openssl s_server`, which answers every request with a page of its own, and a certificate made for it.
class TlsServer {
 public:
  explicit TlsServer(const std::string& names) {
    std::string made = (std::filesystem::temp_directory_path() / "pflow-tls-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(made.data()) != nullptr);
    folder_ = made;
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj " +
        ("/CN=test -addext subjectAltName=" + names) + " -keyout " + key() + " -out " + certificate() + " 2>/dev/null";
    BOOST_REQUIRE(std::system(make.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe)
    start();
  }

  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  ~TlsServer() {
    ::kill(process_, SIGTERM);
    int status = 0;
    ::waitpid(process_, &status, 0);
    ::close(output_);
    std::error_code ec;
    std::filesystem::remove_all(folder_, ec);
  }

  [[nodiscard]] std::string certificate() const { return (folder_ / "cert.pem").string(); }

  [[nodiscard]] std::string authority() const { return "127.0.0.1:" + port_; }

  [[nodiscard]] std::string url() const { return "https://" + authority() + "/"; }

 private:
  [[nodiscard]] std::string key() const { return (folder_ / "key.pem").string(); }

  void start() {
    std::array<int, 2> pipe{};
    BOOST_REQUIRE(::pipe(pipe.data()) == 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], 2);
    ::posix_spawn_file_actions_addclose(&actions, pipe[0]);
    std::vector<std::string> words = {"openssl", "s_server",    "-accept", "127.0.0.1:0", "-www",
                                      "-cert",   certificate(), "-key",    key()};
    std::vector<char*> argv;
    for (std::string& w : words)
      argv.push_back(w.data());
    argv.push_back(nullptr);
    BOOST_REQUIRE(::posix_spawnp(&process_, "openssl", &actions, nullptr, argv.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    output_ = pipe[0];
    std::string said;
    while (said.find("ACCEPT 127.0.0.1:") == std::string::npos || !said.ends_with('\n')) {
      char chunk[256];
      const ssize_t n = ::read(output_, chunk, sizeof chunk);
      BOOST_REQUIRE_MESSAGE(n > 0, said);
      said.append(chunk, static_cast<std::size_t>(n));
    }
    port_ = said.substr(said.find("127.0.0.1:") + 10);
    port_.erase(port_.find('\n'));
  }

  std::filesystem::path folder_;
  pid_t process_ = -1;
  int output_ = -1;
  std::string port_;
};

HttpEnd end_of(HttpRequest request, Answer& answer) {
  const auto client = new_client();
  static_cast<void>(client->send(std::move(request), answer));
  return answer.wait();
}

BOOST_AUTO_TEST_SUITE(http_tls)

BOOST_AUTO_TEST_CASE(a_certificate_that_signs_itself_is_refused_with_a_way_out) {
  const TlsServer server("IP:127.0.0.1");
  Answer answer;
  const HttpEnd end = end_of(get(server.url()), answer);
  BOOST_TEST(answer.error_code() == "tls_failed");
  BOOST_TEST(answer.error_message() ==
             "GET " + server.url() +
                 ": the server's certificate is not trusted: self-signed certificate (name the file of the CA that "
                 "signed it, or set `verify_tls: false` to trust whoever answers)");
  BOOST_TEST(!end.error->retryable);
  BOOST_TEST(answer.heads == 0);
}

BOOST_AUTO_TEST_CASE(its_authority_may_be_named) {
  const TlsServer server("IP:127.0.0.1");
  Answer answer;
  HttpRequest request = get(server.url());
  request.ca_file = server.certificate();
  const HttpEnd end = end_of(request, answer);
  BOOST_TEST(!end.error, answer.error_message());
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(end.tls_ns > end.connect_ns);
}

BOOST_AUTO_TEST_CASE(whoever_answers_may_be_trusted) {
  const TlsServer server("DNS:elsewhere.example");
  Answer answer;
  HttpRequest request = get(server.url());
  request.verify_tls = false;
  end_of(request, answer);
  BOOST_TEST(answer.error_code() == "", answer.error_message());
}

BOOST_AUTO_TEST_CASE(a_certificate_of_somebody_else_is_refused) {
  const TlsServer server("DNS:elsewhere.example");
  Answer answer;
  HttpRequest request = get(server.url());
  request.ca_file = server.certificate();
  end_of(request, answer);
  BOOST_TEST(answer.error_code() == "tls_failed");
  BOOST_TEST(
      answer.error_message().find("not trusted: no alternative certificate subject name matches target host name "
                                  "'127.0.0.1' (name the file") != std::string::npos,
      answer.error_message());
}

BOOST_AUTO_TEST_CASE(trust_in_one_request_is_none_in_the_next) {
  const TlsServer server("IP:127.0.0.1");
  const auto client = new_client();
  HttpRequest request = get(server.url());
  request.verify_tls = false;
  Answer trusting;
  static_cast<void>(client->send(request, trusting));
  trusting.wait();
  BOOST_TEST(trusting.error_code() == "", trusting.error_message());
  Answer strict;
  static_cast<void>(client->send(get(server.url()), strict));
  strict.wait();
  BOOST_TEST(strict.error_code() == "tls_failed");
}

BOOST_AUTO_TEST_CASE(an_authority_that_cannot_be_read_is_named) {
  const TlsServer server("IP:127.0.0.1");
  Answer answer;
  HttpRequest request = get(server.url());
  request.ca_file = "/nowhere/ca.pem";
  end_of(request, answer);
  BOOST_TEST(answer.error_code() == "tls_failed");
  BOOST_TEST(answer.error_message() ==
             "GET " + server.url() + ": the CA file \"/nowhere/ca.pem\" cannot be read as certificates");
}

BOOST_AUTO_TEST_CASE(https_to_a_server_without_it_says_so) {
  ScriptedServer server([](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"); });
  Answer answer;
  end_of(get("https" + server.url("/").substr(4)), answer);
  BOOST_TEST(answer.error_code() == "tls_failed");
  BOOST_TEST(answer.error_message().ends_with("(does the server speak https there?)"), answer.error_message());
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_in_the_handshake_can_be_tried_again) {
  ScriptedServer server([](Peer& peer) { peer.reset(); });
  Answer answer;
  const HttpEnd end = end_of(get("https" + server.url("/").substr(4)), answer);
  BOOST_TEST(answer.error_code() == "connection_lost", answer.error_message());
  BOOST_REQUIRE(end.error);
  BOOST_TEST(end.error->retryable);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_hangs_is_no_connection) {
  ScriptedServer server([](Peer& peer) { peer.wait_for_end(); });
  Answer answer;
  HttpRequest request = get("https" + server.url("/").substr(4));
  request.connect_timeout = std::chrono::milliseconds(80);
  end_of(request, answer);
  BOOST_TEST(answer.error_code() == "connect_timeout");
  BOOST_TEST(answer.error_message() ==
             "GET https" + server.url("/").substr(4) + ": there was no connection within 80 ms");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
