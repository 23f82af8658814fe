#include <time.h>

#include <atomic>
#include <cstdio>

#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/scripted_server.hpp"

namespace pflow::host {
namespace {

using std::chrono::milliseconds;

milliseconds cpu_time() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return milliseconds(t.tv_sec * 1000 + t.tv_nsec / 1'000'000);
}

// Answers with `body` in gzip, as the gzip program makes it.
std::string gzip(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  char chunk[4096];
  while (const std::size_t n = std::fread(chunk, 1, sizeof chunk, pipe))
    out.append(chunk, n);
  BOOST_REQUIRE(::pclose(pipe) == 0);
  return out;
}

std::string zeros_in_gzip(int mebibytes) {
  return gzip("head -c " + std::to_string(mebibytes) + "M /dev/zero | gzip -c");
}

BOOST_AUTO_TEST_SUITE(http_stream)

BOOST_AUTO_TEST_CASE(what_is_compressed_is_undone) {
  const std::string packed = gzip("printf hello | gzip -c");
  std::string request;
  ScriptedServer server([&](Peer& peer) {
    request = peer.read_request();
    peer.answer(packed, "Content-Encoding: gzip\r\n");
  });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/")), answer));
  const HttpEnd& end = answer.wait();
  BOOST_TEST(!end.error, answer.error_message());
  BOOST_TEST(answer.body == "hello");
  BOOST_TEST(request.find("Accept-Encoding: gzip, deflate") != std::string::npos, request);
  BOOST_TEST(end.bytes_in > static_cast<std::int64_t>(packed.size()));
}

BOOST_AUTO_TEST_CASE(what_is_compressed_is_left_when_that_is_wanted) {
  const std::string packed = gzip("printf hello | gzip -c");
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer(packed, "Content-Encoding: gzip\r\n");
  });
  const auto client = new_client();
  Answer answer;
  HttpRequest request = get(server.url("/"));
  request.decompress = false;
  static_cast<void>(client->send(request, answer));
  answer.wait();
  BOOST_TEST((answer.body == packed));
}

BOOST_AUTO_TEST_CASE(a_bomb_is_stopped_at_the_limit) {
  const std::string packed = zeros_in_gzip(30);
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer(packed, "Content-Encoding: gzip\r\n");
  });
  const auto client = new_client();
  Answer answer;
  HttpRequest request = get(server.url("/"));
  request.max_response_bytes = 1 << 20;
  static_cast<void>(client->send(request, answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "too_large");
  BOOST_TEST(answer.body.size() <= std::size_t{1} << 20);
}

BOOST_AUTO_TEST_CASE(compression_that_is_broken_is_a_bad_answer) {
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer("this is no gzip", "Content-Encoding: gzip\r\n");
  });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/")), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "bad_response", answer.error_message());
}

// A length that fits says nothing of what is compressed.
BOOST_AUTO_TEST_CASE(compression_that_breaks_off_is_a_bad_answer) {
  std::string packed = gzip("printf hello | gzip -c");
  packed.pop_back();
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer(packed, "Content-Encoding: gzip\r\n");
  });
  const auto client = new_client();
  Answer answer;
  static_cast<void>(client->send(get(server.url("/")), answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "bad_response");
  BOOST_TEST(answer.error_message().ends_with("/: the compressed body breaks off"), answer.error_message());
  BOOST_TEST(answer.body == "hello");
}

BOOST_AUTO_TEST_CASE(a_head_alone_may_speak_of_compression) {
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n");
  });
  const auto client = new_client();
  Answer answer;
  HttpRequest request = get(server.url("/"));
  request.method = "HEAD";
  static_cast<void>(client->send(request, answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "", answer.error_message());
}

// Pauses after each piece, and is resumed by the test.
struct Paused {
  std::string url;
  std::unique_ptr<HttpClient> client = new_client();
  Answer answer;
  std::atomic<std::size_t> pieces{0};
  HttpClient::Id id = 0;

  explicit Paused(std::string to, std::optional<milliseconds> idle = {}) : url(std::move(to)) {
    answer.on_piece = [this](std::string_view) {
      ++pieces;
      return HttpFlow::kPause;
    };
    HttpRequest request = get(url);
    request.idle_timeout = idle;
    id = client->send(request, answer);
  }

  void wait_for_piece(std::size_t number) {
    answer.wait_until([&] { return pieces >= number || answer.ends > 0; });
  }
};

BOOST_AUTO_TEST_CASE(after_a_pause_nothing_comes_until_it_is_resumed) {
  const std::string body(300'000, 'b');
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer(body);
    peer.wait_for_end();
  });
  Paused p(server.url("/"));
  std::size_t seen = 0;
  while (true) {
    p.wait_for_piece(seen + 1);
    if (p.answer.ended()) break;
    BOOST_REQUIRE(p.pieces.load() == seen + 1);
    std::this_thread::sleep_for(milliseconds(2));
    BOOST_REQUIRE(p.pieces.load() == seen + 1);
    ++seen;
    p.client->resume(p.id);
  }
  BOOST_TEST(!p.answer.end.error, p.answer.error_message());
  BOOST_TEST((p.answer.body == body));
  BOOST_TEST(seen > 10U);
}

BOOST_AUTO_TEST_CASE(what_is_compressed_can_be_paused_too) {
  const std::string packed = zeros_in_gzip(3);
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer(packed, "Content-Encoding: gzip\r\n");
    peer.wait_for_end();
  });
  Paused p(server.url("/"));
  for (std::size_t seen = 1; !p.answer.ended(); ++seen) {
    p.wait_for_piece(seen);
    p.client->resume(p.id);
  }
  BOOST_TEST(!p.answer.end.error, p.answer.error_message());
  BOOST_TEST((p.answer.body == std::string(3U << 20, '\0')));
}

BOOST_AUTO_TEST_CASE(a_paused_stream_costs_nothing_and_is_not_silent) {
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 500; ++i)
      peer.send(std::string(16384, 'x'));
  });
  Paused p(server.url("/"), milliseconds(50));
  p.wait_for_piece(1);
  const milliseconds before = cpu_time();
  std::this_thread::sleep_for(milliseconds(400));
  BOOST_TEST((cpu_time() - before).count() < 200);  // a loop that spins would burn all of it
  BOOST_TEST(!p.answer.ended());
  BOOST_TEST(p.pieces.load() == 1U);
  p.client->abort(p.id);
  p.answer.wait();
  BOOST_TEST(p.answer.error_code() == "cancelled");
}

BOOST_AUTO_TEST_CASE(the_whole_timeout_runs_through_a_pause) {
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nx");
    peer.wait_for_end();
  });
  const auto client = new_client();
  Answer answer;
  answer.on_piece = [](std::string_view) { return HttpFlow::kPause; };
  HttpRequest request = get(server.url("/"));
  request.timeout = milliseconds(80);
  static_cast<void>(client->send(request, answer));
  answer.wait();
  BOOST_TEST(answer.error_code() == "timeout");
}

BOOST_AUTO_TEST_CASE(a_resume_that_comes_too_early_is_not_lost) {
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.answer(std::string(200'000, 'x'));
    peer.wait_for_end();
  });
  const auto client = new_client();
  Answer answer;
  HttpClient::Id id = 0;
  std::mutex known;
  answer.on_piece = [&](std::string_view) {
    const std::lock_guard lock(known);
    client->resume(id);  // before the pause it ends
    return HttpFlow::kPause;
  };
  {
    const std::lock_guard lock(known);
    id = client->send(get(server.url("/")), answer);
  }
  answer.wait();
  BOOST_TEST(answer.body.size() == 200'000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
