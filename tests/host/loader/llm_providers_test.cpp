#include "host/loader/llm_providers.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"
#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

const std::filesystem::path kOffline = std::string(PFLOW_TEST_PLUGINS) + "/llm-offline.pflow.so";
const std::filesystem::path kEcho = std::string(PFLOW_TEST_PLUGINS) + "/echo.pflow.so";
const std::filesystem::path kAcme = std::string(PFLOW_TEST_STRANGERS) + "/acme-llm/acme-llm.pflow.so";
const std::filesystem::path kRival = std::string(PFLOW_TEST_STRANGERS) + "/rival-llm/rival-llm.pflow.so";

// Real plugins, and what would else come from outside.
struct Selecting {
  explicit Selecting(const std::vector<std::filesystem::path>& plugins, std::vector<LlmInput> inputs = {})
      : registry(test::options_for(plugins)), providers(registry, std::move(inputs), [this]() -> Result<LlmDefaults> {
          ++reads;
          if (broken) return *broken;
          return defaults;
        }) {
    defaults.settings_path = "settings.json";
  }

  // "type: parameters", or the error.
  std::string selected(std::string_view type, std::string_view params) {
    const Result<Selection> s = providers.select(type, json(params));
    if (!s) return test::text_of(s.error(), "");
    return s->type->name + ": " + (s->params ? to_json(*s->params) : "as written");
  }

  std::string first_line(std::string_view params) {
    const std::string text = selected("llm", params);
    return text.substr(0, text.find('\n'));
  }

  int reads = 0;
  std::optional<Error> broken;
  LlmDefaults defaults;
  Registry registry;
  LlmProviders providers;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(llm_providers)

BOOST_AUTO_TEST_CASE(provider_is_taken_out_and_model_is_written_in) {
  Selecting s({kOffline});
  BOOST_TEST(s.selected("llm", R"({"prompt": "hi", "provider": "offline"})") ==
             R"(llm.offline: {"prompt":"hi","model":"offline"})");
  BOOST_TEST(s.selected("llm", R"({"model": "offline/m", "prompt": "hi"})") ==
             R"(llm.offline: {"model":"m","prompt":"hi"})");
  BOOST_TEST(s.selected("llm", R"({"provider": "llm.offline", "model": "a/b"})") == R"(llm.offline: {"model":"a/b"})");
}

BOOST_AUTO_TEST_CASE(other_types_are_left_alone_and_nothing_is_read) {
  Selecting s({kOffline, kEcho});
  BOOST_TEST(s.selected("echo", R"({"message": "hi", "provider": "x"})") == "echo: as written");
  BOOST_TEST(s.reads == 0);
  BOOST_TEST(s.selected("ecko", "{}").starts_with("unknown_node_type: unknown node type \"ecko\"\nDid you mean"));
}

BOOST_AUTO_TEST_CASE(defaults_are_read_once) {
  Selecting s({kOffline});
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(s.selected("llm", R"({"provider": "offline"})") == R"(llm.offline: {"model":"offline"})");
  BOOST_TEST(s.reads == 1);
}

BOOST_AUTO_TEST_CASE(a_node_may_name_the_providers_type) {
  Selecting s({kOffline});
  s.defaults.option_model = "offline/big";
  s.defaults.option_provider = "nobody";
  BOOST_TEST(s.selected("llm.offline", R"({"prompt": "hi"})") == R"(llm.offline: {"prompt":"hi","model":"big"})");
  BOOST_TEST(s.selected("llm.offline", R"({"provider": "Offline"})") == R"(llm.offline: {"model":"big"})");
  BOOST_TEST(s.selected("llm.offline", R"({"provider": "openai"})") ==
             "invalid_parameter: node type \"llm.offline\" is the provider \"offline\" and cannot be \"openai\"\n"
             "#/provider\nLeave \"provider\" out, or use the node type llm.");
}

BOOST_AUTO_TEST_CASE(null_and_empty_texts_are_not_given) {
  Selecting s({kOffline});
  s.defaults.environment_provider = "offline";
  BOOST_TEST(s.selected("llm", R"({"provider": null, "model": ""})") == R"(llm.offline: {"model":"offline"})");
  BOOST_TEST(s.selected("llm", R"({"provider": "", "model": null})") == R"(llm.offline: {"model":"offline"})");
  BOOST_TEST(s.selected("llm", "null") == R"(llm.offline: {"model":"offline"})");
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_no_text_is_refused) {
  Selecting s({kOffline});
  BOOST_TEST(s.selected("llm", R"({"provider": 7})") ==
             "invalid_parameter: parameter \"provider\" must be a string, not an integer\n#/provider");
}

BOOST_AUTO_TEST_CASE(a_model_that_is_no_text_is_left_for_the_check_of_parameters) {
  Selecting s({kOffline});
  BOOST_TEST(s.selected("llm", R"({"provider": "offline", "model": 7})") == R"(llm.offline: {"model":7})");
}

BOOST_AUTO_TEST_CASE(templates_over_inputs_are_filled_in) {
  Selecting s({kOffline}, {{"p", Value::string("offline")}, {"m", json(R"({"name": "big"})")}});
  BOOST_TEST(s.selected("llm", R"({"provider": "${p}", "model": "${p}/${m.name}"})") ==
             R"(llm.offline: {"model":"big"})");
}

BOOST_AUTO_TEST_CASE(an_input_that_is_null_is_not_given) {
  Selecting s({kOffline}, {{"p", Value()}, {"m", Value()}});
  s.defaults.option_provider = "offline";
  BOOST_TEST(s.selected("llm", R"({"provider": "${p}", "model": "${m}"})") == R"(llm.offline: {"model":"offline"})");
}

BOOST_AUTO_TEST_CASE(what_an_input_holds_is_no_template_again) {
  Selecting s({kOffline}, {{"m", Value::string("x${p}")}});
  BOOST_TEST(s.selected("llm", R"({"provider": "offline", "model": "${m}"})") == R"(llm.offline: {"model":"x$${p}"})");
}

BOOST_AUTO_TEST_CASE(a_provider_from_a_node_is_refused) {
  Selecting s({kOffline}, {{"p", Value::string("offline")}});
  BOOST_TEST(s.selected("llm", R"({"provider": "${fetch.stdout}"})") ==
             "invalid_parameter: \"provider\" must be known before the run: a template in it may name inputs that are "
             "texts\n#/provider\nName a provider, or declare an input for it: \"provider\": \"${provider}\".");
  BOOST_TEST(s.first_line(R"({"provider": "${p.name}"})").starts_with("invalid_parameter: "));
}

BOOST_AUTO_TEST_CASE(a_model_from_a_node_is_passed_on) {
  Selecting s({kOffline});
  s.defaults.option_provider = "offline";
  s.defaults.option_model = "other";
  BOOST_TEST(s.selected("llm", R"({"model": "offline/${pick.stdout}"})") ==
             R"(llm.offline: {"model":"offline/${pick.stdout}"})");
}

BOOST_AUTO_TEST_CASE(before_a_run_some_provider_stands_in_for_what_an_input_will_say) {
  Selecting s({kOffline}, {{"p", std::nullopt}, {"m", std::nullopt}});
  BOOST_TEST(s.selected("llm", R"({"provider": "${p}"})") == R"(llm.offline: {})");
  BOOST_TEST(s.selected("llm", R"({"model": "${m}"})") == R"(llm.offline: {"model":"${m}"})");
}

BOOST_AUTO_TEST_CASE(a_strangers_plugin_is_a_provider_like_any_other) {
  Selecting s({kOffline, kAcme});
  s.defaults.key = [](const std::string& name) {
    return name == "ACME_API_KEY" ? KeySource::kEnvironment : KeySource::kMissing;
  };
  const std::string small = R"(acme.chat: {"prompt":"hi","model":"acme-small"})";
  BOOST_TEST(s.selected("llm", R"({"prompt": "hi"})") == small);
  BOOST_TEST(s.selected("llm", R"({"prompt": "hi", "provider": "acme"})") == small);
  BOOST_TEST(s.selected("llm", R"({"prompt": "hi", "provider": "acme.chat"})") == small);
  BOOST_TEST(s.selected("llm", R"({"model": "acme/anything"})") == R"(acme.chat: {"model":"anything"})");
  BOOST_TEST(s.selected("llm", R"({"model": "ACME-large"})") == R"(acme.chat: {"model":"ACME-large"})");
  BOOST_TEST(s.providers.missing_keys_of_selected().empty());
}

BOOST_AUTO_TEST_CASE(two_that_know_a_model_are_ambiguous_until_one_has_its_key) {
  Selecting s({kAcme, kRival});
  BOOST_TEST(s.first_line(R"({"model": "rocket-1"})") ==
             "unknown_provider: several LLM providers know the model \"rocket-1\": acme, rival");
  Selecting with_key({kAcme, kRival});
  with_key.defaults.key = [](const std::string&) { return KeySource::kSettings; };
  BOOST_TEST(with_key.selected("llm", R"({"model": "rocket-1"})") == R"(acme.chat: {"model":"rocket-1"})");
}

BOOST_AUTO_TEST_CASE(a_server_from_the_settings_is_written_in_unless_the_node_names_one) {
  Selecting s({kAcme});
  s.defaults.setting = [](const std::string& name) { return name == "ACME_BASE_URL" ? "http://here" : ""; };
  BOOST_TEST(s.selected("llm", R"({"provider": "acme"})") ==
             R"(acme.chat: {"model":"acme-small","base_url":"http://here"})");
  BOOST_TEST(s.selected("llm", R"({"provider": "acme", "base_url": "http://there"})") ==
             R"(acme.chat: {"base_url":"http://there","model":"acme-small"})");
}

BOOST_AUTO_TEST_CASE(a_model_is_not_written_into_a_type_that_has_no_such_parameter) {
  Selecting s({kRival});
  s.defaults.option_model = "m";
  BOOST_TEST(s.selected("llm", R"({"provider": "rival"})") == R"(llm.rival: {})");
  BOOST_TEST(s.selected("llm", R"({"provider": "rival", "model": "rival/n"})") == R"(llm.rival: {"model":"n"})");
}

BOOST_AUTO_TEST_CASE(a_selected_provider_without_its_key_is_a_warning) {
  Selecting s({kAcme});
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(s.first_line(R"({"provider": "acme"})").starts_with("acme.chat"));
  const Problems warnings = s.providers.missing_keys_of_selected();
  BOOST_REQUIRE(warnings.size() == 1U);
  BOOST_TEST(test::text_of(warnings.front(), "") ==
             "missing_secret: LLM provider \"acme\" needs ACME_API_KEY, which is not set\n"
             "Set it in the environment, or under \"keys\" in settings.json.");
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_read_are_the_nodes_problem) {
  Selecting s({kOffline});
  s.broken = Error{.code = Code::kInvalidJson, .message = "it is broken", .where = "settings.json:1:1"};
  BOOST_TEST(s.selected("llm", R"({"provider": "offline"})") == "invalid_json: it is broken\nsettings.json:1:1");
}

BOOST_AUTO_TEST_CASE(plugins_that_were_refused_are_told_when_no_provider_is_left) {
  const test::TempFolder folder;
  const std::filesystem::path refused = folder.file("x.pflow.so", "no library");
  Selecting s({refused});
  BOOST_TEST(s.selected("llm", "{}").find("\nNot used: " + refused.string()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_offered_type_is_listed) {
  Selecting s({kRival, kEcho, kAcme, kOffline});
  std::string names;
  for (const auto& o : s.providers.offered())
    names += std::string(o.type_name) + "=" + o.type->provider->name + " ";
  BOOST_TEST(names == "acme.chat=acme llm.offline=offline llm.rival=rival ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
