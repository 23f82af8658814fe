#include <filesystem>
#include <fstream>
#include <memory>

#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/crowd_server.hpp"

namespace pflow::host {
namespace {

std::size_t threads_now() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Threads:")) return std::stoul(line.substr(8));
  }
  return 0;
}

std::size_t descriptors_now() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++n;
  return n;
}

std::vector<std::unique_ptr<Answer>> send_many(HttpClient& client, const std::string& url, std::size_t count) {
  std::vector<std::unique_ptr<Answer>> answers;
  for (std::size_t i = 0; i < count; ++i) {
    answers.push_back(std::make_unique<Answer>());
    static_cast<void>(client.send(post(url, "{}"), *answers.back()));
  }
  return answers;
}

BOOST_AUTO_TEST_SUITE(http_crowd)

BOOST_AUTO_TEST_CASE(a_thousand_at_once_need_one_thread) {
  CrowdServer server;
  const auto client = new_client();
  const std::size_t before = threads_now();
  const auto answers = send_many(*client, server.url(), 1000);
  server.wait_for(1000);
  BOOST_TEST(threads_now() == before);
  BOOST_TEST(client->load().exchanges == 1000U);
  BOOST_TEST(client->load().connections == 1000U);
  server.answer_all();
  for (const auto& a : answers) {
    BOOST_TEST(!a->wait().error, a->error_message());
    BOOST_TEST(a->body == "ok");
  }
  BOOST_TEST(client->load().exchanges == 0U);
}

BOOST_AUTO_TEST_CASE(the_second_thousand_takes_the_connections_of_the_first) {
  CrowdServer server;
  const auto client = new_client();
  server.answer_all();
  for (int round = 0; round < 2; ++round) {
    for (const auto& a : send_many(*client, server.url(), 500))
      a->wait();
  }
  for (const auto& a : send_many(*client, server.url(), 500)) {
    a->wait();
    BOOST_TEST(a->end.reused);
  }
  BOOST_TEST(client->load().connections <= 500U);
}

BOOST_AUTO_TEST_CASE(a_thousand_that_wait_end_at_once_when_they_are_aborted) {
  CrowdServer server;
  const auto client = new_client();
  std::vector<std::unique_ptr<Answer>> answers;
  std::vector<HttpClient::Id> ids;
  for (int i = 0; i < 1000; ++i) {
    answers.push_back(std::make_unique<Answer>());
    ids.push_back(client->send(post(server.url(), "{}"), *answers.back()));
  }
  server.wait_for(1000);
  for (const HttpClient::Id id : ids)
    client->abort(id);
  for (const auto& a : answers) {
    a->wait();
    BOOST_TEST(a->error_code() == "cancelled");
    BOOST_TEST(a->end.bytes_out > 0);
  }
  BOOST_TEST(client->load().exchanges == 0U);
  BOOST_TEST(client->load().connections == 0U);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_client_is_the_end_of_what_is_under_way) {
  CrowdServer server;
  auto client = new_client();
  const auto answers = send_many(*client, server.url(), 200);
  server.wait_for(100);
  client.reset();
  for (const auto& a : answers) {
    BOOST_TEST(a->ends == 1);
    BOOST_TEST(a->error_code() == "cancelled");
    BOOST_TEST(a->error_message() == "POST " + server.url() + ": it was cancelled");
  }
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_over_after_a_hundred_rounds) {
  CrowdServer server;
  std::size_t before = 0;
  for (int round = 0; round < 101; ++round) {
    auto client = new_client();
    const auto answers = send_many(*client, server.url(), 20);
    if (round % 2 == 0) server.wait_for(static_cast<std::size_t>(round) * 10 + 1);
    client.reset();
    if (round == 0) before = descriptors_now();
  }
  // The server may not have seen yet that the last clients have gone.
  for (int i = 0; i < 3000 && descriptors_now() > before; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  BOOST_TEST(descriptors_now() <= before);
}

BOOST_AUTO_TEST_CASE(many_threads_may_send_abort_and_ask) {
  CrowdServer server;
  server.answer_all();
  const auto client = new_client();
  std::vector<std::thread> threads;
  std::vector<std::vector<std::unique_ptr<Answer>>> answers(4);
  for (std::size_t t = 0; t < answers.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        answers[t].push_back(std::make_unique<Answer>());
        const HttpClient::Id id = client->send(post(server.url(), "{}"), *answers[t].back());
        if (i % 3 == 0) client->abort(id);
        client->resume(id);
        static_cast<void>(client->load());
      }
    });
  }
  for (std::thread& t : threads)
    t.join();
  for (const auto& mine : answers) {
    for (const auto& a : mine) {
      a->wait();
      BOOST_TEST((a->error_code().empty() || a->error_code() == "cancelled"), a->error_message());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_up_once_for_many) {
  const auto client = new_client();
  CrowdServer server;
  server.answer_all();
  const std::string url = "http://localhost" + server.url().substr(16);
  const std::size_t before = threads_now();
  std::size_t most = 0;
  const auto answers = send_many(*client, url, 300);
  for (const auto& a : answers) {
    most = std::max(most, threads_now());
    BOOST_TEST(!a->wait().error, a->error_message());
  }
  BOOST_TEST(most <= before + 1);
}

BOOST_AUTO_TEST_CASE(those_who_wait_for_a_name_that_has_no_address_fail_with_it) {
  const auto client = new_client();
  const std::size_t before = threads_now();
  const auto answers = send_many(*client, "http://nobody.invalid/", 300);
  BOOST_TEST(threads_now() <= before + 2);
  for (const auto& a : answers) {
    a->wait();
    BOOST_TEST(a->error_code() == "dns_failed");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
