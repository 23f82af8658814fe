#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "host/loader/extension_tables.hpp"
#include "tests/host/loader/bad_plugin.hpp"

namespace pflow::host {
using namespace bad;  // NOLINT(google-build-using-namespace): the words of these tests

namespace {

class Known final : public SettingSource {
 public:
  [[nodiscard]] Result<std::optional<std::string>> secret(std::string_view name) override {
    if (name == "BROKEN") return Error{.code = Code::kUnreadable, .message = "settings.json cannot be read"};
    return name == "ACME_KEY" ? std::optional<std::string>("key-of-acme") : std::nullopt;
  }

  [[nodiscard]] Result<std::optional<std::string>> setting(std::string_view name) override {
    return name == "ACME_URL" ? std::optional<std::string>("http://acme") : std::nullopt;
  }
};

Ran ask_with(std::string params) {
  static Known known;
  RunSetup setup;
  setup.params = std::move(params);
  setup.services.settings = &known;
  return run("secret", setup);
}

Ran ask(std::string_view name, bool plain = false, bool silent = false) {
  return ask_with(fmt::format(R"({{"name": "{}", "plain": {}, "silent": {}}})", name, plain, silent));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(secrets_of_calls)

BOOST_AUTO_TEST_CASE(a_key_is_handed_out_and_known_as_a_secret_from_then_on) {
  const Ran ran = ask("ACME_KEY");
  BOOST_TEST(ran.outputs == R"({"out":"key-of-acme"})");
  BOOST_REQUIRE(ran.told->secrets().size() == 1U);
  BOOST_TEST(ran.told->secrets().front() == "ACME_KEY=key-of-acme");
}

BOOST_AUTO_TEST_CASE(a_plain_setting_is_no_secret) {
  const Ran ran = ask("ACME_URL", true);
  BOOST_TEST(ran.outputs == R"({"out":"http://acme"})");
  BOOST_TEST(ran.told->secrets().empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_exist_is_not_found) {
  const Ran ran = ask("OTHER_KEY");
  BOOST_REQUIRE(ran.result.error);
  BOOST_TEST(failure_of(ran) == "no_secret: node \"n\": the host has none\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_says_nothing_is_helped_to_say_what_is_missing) {
  BOOST_TEST(failure_of(ask("OTHER_KEY", false, true)) ==
             "missing_secret: node \"n\": OTHER_KEY is not set\nflow.json: /nodes/0\n"
             "Set OTHER_KEY in the environment, or under \"keys\" in settings.json.");
}

BOOST_AUTO_TEST_CASE(a_key_that_it_could_do_without_is_not_what_is_missing) {
  BOOST_TEST(failure_of(ask_with(R"({"first": "OTHER_KEY", "name": "ACME_KEY", "lost": true})")) ==
             "not_found: node \"n\": something it needs was not found\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(a_plain_setting_is_not_what_is_missing) {
  BOOST_TEST(failure_of(ask("OTHER_URL", true, true)) ==
             "not_found: node \"n\": something it needs was not found\nflow.json: /nodes/0");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_asked_for_in_create_is_known_as_a_secret) {
  static Known known;
  RunSetup setup;
  setup.services.settings = &known;
  const Ran ran = run("secret_in_create", setup);
  BOOST_REQUIRE(ran.told->secrets().size() == 1U);
  BOOST_TEST(ran.told->secrets().front() == "ACME_KEY=key-of-acme");
}

BOOST_AUTO_TEST_CASE(a_key_is_no_plain_setting) {
  BOOST_TEST(ask("ACME_KEY", true).result.error.has_value());
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_read_are_an_error) {
  BOOST_TEST(ask("BROKEN").result.error.has_value());
}

BOOST_AUTO_TEST_CASE(a_name_without_letters_is_refused) {
  BOOST_TEST(ask("").result.error.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
