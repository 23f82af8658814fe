#include "host/services/http/http_module.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/host/services/http/answer.hpp"
#include "tests/host/services/http/scripted_server.hpp"

namespace pflow::host {

std::unique_ptr<HttpClient> new_client() {
  Result<std::unique_ptr<HttpClient>> client = open_http_client(installed_http_module());
  if (!client) throw std::runtime_error(client.error().message + " " + client.error().where);
  return std::move(client).value();
}

namespace {

BOOST_AUTO_TEST_SUITE(http_module)

BOOST_AUTO_TEST_CASE(it_is_found_from_the_programs_own_path) {
  BOOST_TEST(installed_http_module().filename() == "pflow-http.so");
  BOOST_TEST(installed_http_module().parent_path().filename() == "pflow");
}

BOOST_AUTO_TEST_CASE(a_module_that_is_not_there_is_named) {
  const auto client = open_http_client("/nowhere/pflow-http.so");
  BOOST_REQUIRE(!client.ok());
  BOOST_TEST((client.error().code == Code::kPluginBroken));
  BOOST_TEST(client.error().message == "the HTTP module is not there: No such file or directory");
  BOOST_TEST(client.error().where == "/nowhere/pflow-http.so");
  BOOST_TEST(client.error().hint ==
             "It is part of pflow-host and lies beside its plugin folder: install both from one version.");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_library_is_refused) {
  const auto client = open_http_client("/proc/self/status");
  BOOST_REQUIRE(!client.ok());
  BOOST_TEST((client.error().code == Code::kPluginBroken));
  BOOST_TEST(client.error().message.starts_with("the HTTP module cannot be loaded: "));
}

BOOST_AUTO_TEST_CASE(another_library_is_refused) {
  const auto client = open_http_client(PFLOW_TEST_OTHER_LIBRARY);
  BOOST_REQUIRE(!client.ok());
  BOOST_TEST((client.error().code == Code::kPluginBroken));
  BOOST_TEST(client.error().message == "is no HTTP module: it does not export pflow_make_http_client");
}

BOOST_AUTO_TEST_CASE(everybody_gets_the_same_client) {
  HttpModule module;
  const auto first = module.client();
  BOOST_REQUIRE(first.ok());
  BOOST_TEST(first.value() != nullptr);
  BOOST_TEST(module.client().value() == first.value());
}

BOOST_AUTO_TEST_CASE(who_asks_a_broken_module_is_told_each_time) {
  HttpModule module("/nowhere/pflow-http.so");
  BOOST_TEST(!module.client().ok());
  BOOST_TEST(module.client().error().where == "/nowhere/pflow-http.so");
}

BOOST_AUTO_TEST_CASE(two_clients_live_side_by_side) {
  ScriptedServer server([](Peer& peer) {
    while (!peer.read_request().empty())
      peer.answer("here");
  });
  const auto one = new_client();
  const auto other = new_client();
  Answer a;
  Answer b;
  static_cast<void>(one->send(get(server.url("/")), a));
  static_cast<void>(other->send(get(server.url("/")), b));
  a.wait();
  b.wait();
  BOOST_TEST(a.body + b.body == "herehere");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
