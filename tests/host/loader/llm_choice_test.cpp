#include "host/loader/llm_choice.hpp"

#include <deque>
#include <set>

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

// Providers that resemble those that ship, and keys that are set.
class World {
 public:
  World() {
    defaults.settings_path = "/etc/pflow/settings.json";
    defaults.key = [this](const std::string& name) {
      return keys.count(name) != 0 ? KeySource::kEnvironment : KeySource::kMissing;
    };
    add("llm.anthropic", {"anthropic", {"claude-*"}, "claude-sonnet-4-5", {"ANTHROPIC_API_KEY"}, "", false});
    add("llm.offline", {"offline", {}, "offline", {}, "", true});
    add("llm.ollama", {"ollama", {"llama*", "qwen*"}, "llama3.2", {}, "", false});
    add("llm.openai", {"openai", {"gpt-*", "o?-*"}, "gpt-4o-mini", {"OPENAI_API_KEY"}, "OPENAI_BASE_URL", false});
  }

  void add(std::string type, ProviderInfo info) {
    NodeType& t = types_.emplace_back();
    t.name = std::move(type);
    t.plugin_path = "/plugins/" + t.name;
    t.provider = std::move(info);
    providers.push_back(&t);
  }

  // "provider model (rule)", or the error as text.
  std::string chosen(const LlmWish& wish = {}) const {
    const Result<LlmChoice> choice = choose_provider(providers, defaults, wish);
    if (!choice) return test::text_of(choice.error(), "");
    return choice->type->provider->name + " " + choice->model + " (" + std::string(rule_text(choice->rule)) + ")";
  }

  // The error without its hint.
  std::string refused(const LlmWish& wish = {}) const {
    Result<LlmChoice> choice = choose_provider(providers, defaults, wish);
    BOOST_REQUIRE(!choice.ok());
    choice.error().hint.clear();
    return test::text_of(choice.error(), "");
  }

  std::vector<const NodeType*> providers;
  LlmDefaults defaults;
  std::set<std::string> keys;

 private:
  std::deque<NodeType> types_;
};

// Everything that can decide, each leading to another provider.
World crowded() {
  World w;
  w.defaults.option_provider = "openai";
  w.defaults.environment_provider = "ollama";
  w.defaults.settings_provider = "anthropic";
  return w;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(llm_choice)

BOOST_AUTO_TEST_CASE(the_node_itself_comes_first) {
  World w = crowded();
  BOOST_TEST(w.chosen({"offline", "claude-x"}) == "offline claude-x (the node names it)");
}

BOOST_AUTO_TEST_CASE(then_the_command_line) {
  World w = crowded();
  BOOST_TEST(w.chosen({"", "claude-x"}) == "openai claude-x (--llm-provider)");
  BOOST_TEST(w.chosen({"", "anthropic/claude-x"}) == "openai anthropic/claude-x (--llm-provider)");
}

BOOST_AUTO_TEST_CASE(then_the_environment) {
  World w = crowded();
  w.defaults.option_provider.clear();
  BOOST_TEST(w.chosen({"", "anthropic/claude-x"}) == "ollama anthropic/claude-x (PFLOW_LLM_PROVIDER)");
}

BOOST_AUTO_TEST_CASE(then_the_prefix_of_the_model) {
  World w;
  w.defaults.settings_provider = "ollama";
  BOOST_TEST(w.chosen({"", "anthropic/gpt-4o"}) == "anthropic gpt-4o (the model's prefix)");
  BOOST_TEST(w.chosen({"", "OFFLINE/x/y"}) == "offline x/y (the model's prefix)");
  BOOST_TEST(w.chosen({"", "llm.offline/x"}) == "offline x (the model's prefix)");
}

BOOST_AUTO_TEST_CASE(then_who_knows_the_model) {
  World w;
  w.defaults.settings_provider = "anthropic";
  w.keys = {"ANTHROPIC_API_KEY"};
  BOOST_TEST(w.chosen({"", "gpt-4o"}) == "openai gpt-4o (it knows the model)");
  BOOST_TEST(w.chosen({"", "GPT-4O"}) == "openai GPT-4O (it knows the model)");
  BOOST_TEST(w.chosen({"", "qwen3"}) == "ollama qwen3 (it knows the model)");
}

BOOST_AUTO_TEST_CASE(then_the_settings) {
  World w;
  w.defaults.settings_provider = "anthropic";
  w.keys = {"OPENAI_API_KEY"};
  BOOST_TEST(w.chosen() == "anthropic claude-sonnet-4-5 (llm.default_provider in the settings)");
  BOOST_TEST(w.chosen({"", "mystery"}) == "anthropic mystery (llm.default_provider in the settings)");
}

BOOST_AUTO_TEST_CASE(then_the_only_one_whose_key_is_set) {
  World w;
  w.keys = {"OPENAI_API_KEY"};
  BOOST_TEST(w.chosen() == "openai gpt-4o-mini (the only one whose key is set)");
  BOOST_TEST(w.chosen({"", "mystery"}) == "openai mystery (the only one whose key is set)");
}

BOOST_AUTO_TEST_CASE(a_prefix_that_is_no_provider_belongs_to_the_model) {
  World w;
  w.keys = {"OPENAI_API_KEY"};
  BOOST_TEST(w.chosen({"", "meta-llama/llama-3"}) == "openai meta-llama/llama-3 (the only one whose key is set)");
}

BOOST_AUTO_TEST_CASE(only_one_prefix_is_the_providers) {
  World w;
  BOOST_TEST(w.chosen({"", "openai/openai/gpt-oss"}) == "openai openai/gpt-oss (the model's prefix)");
  BOOST_TEST(w.chosen({"openai", "openai/"}) == "openai openai/ (the node names it)");
}

BOOST_AUTO_TEST_CASE(keyless_ones_are_never_the_only_one) {
  World w;
  BOOST_TEST(w.refused() == "unknown_provider: there is no LLM provider to choose");
}

BOOST_AUTO_TEST_CASE(all_of_several_keys_are_needed) {
  World w;
  w.providers.clear();
  w.add("llm.cloud", {"cloud", {}, "m", {"CLOUD_ID", "CLOUD_SECRET"}, "", false});
  w.keys = {"CLOUD_ID"};
  BOOST_TEST(w.refused() == "unknown_provider: there is no LLM provider to choose");
  w.keys.insert("CLOUD_SECRET");
  BOOST_TEST(w.chosen() == "cloud m (the only one whose key is set)");
}

BOOST_AUTO_TEST_CASE(one_for_names_only_is_not_found_by_a_model_or_a_key) {
  World w;
  w.providers.clear();
  w.add("llm.shy", {"shy", {"*"}, "m", {"SHY_KEY"}, "", true});
  w.keys = {"SHY_KEY"};
  BOOST_TEST(w.refused({"", "anything"}) ==
             "unknown_provider: there is no LLM provider to choose for the model \"anything\"");
  BOOST_TEST(w.chosen({"shy", ""}) == "shy m (the node names it)");
}

BOOST_AUTO_TEST_CASE(type_and_name_are_both_accepted_in_any_case) {
  for (const std::string name : {"offline", "Offline", "llm.offline", "LLM.OFFLINE"}) {
    World w;
    BOOST_TEST(w.chosen({name, ""}) == "offline offline (the node names it)");
    w.defaults.option_provider = name;
    BOOST_TEST(w.chosen() == "offline offline (--llm-provider)");
    w.defaults.option_provider.clear();
    w.defaults.environment_provider = name;
    BOOST_TEST(w.chosen() == "offline offline (PFLOW_LLM_PROVIDER)");
    w.defaults.environment_provider.clear();
    w.defaults.settings_provider = name;
    BOOST_TEST(w.chosen() == "offline offline (llm.default_provider in the settings)");
  }
}

BOOST_AUTO_TEST_CASE(models_come_from_node_command_line_environment_settings_provider) {
  World w;
  w.defaults.option_model = "m-option";
  w.defaults.environment_model = "m-environment";
  w.defaults.settings_model = "m-settings";
  BOOST_TEST(w.chosen({"openai", "m-node"}) == "openai m-node (the node names it)");
  BOOST_TEST(w.chosen({"openai", ""}) == "openai m-option (the node names it)");
  w.defaults.option_model.clear();
  BOOST_TEST(w.chosen({"openai", ""}) == "openai m-environment (the node names it)");
  w.defaults.environment_model.clear();
  BOOST_TEST(w.chosen({"openai", ""}) == "openai m-settings (the node names it)");
  w.defaults.settings_model.clear();
  BOOST_TEST(w.chosen({"openai", ""}) == "openai gpt-4o-mini (the node names it)");
}

BOOST_AUTO_TEST_CASE(a_default_model_chooses_as_the_nodes_own_does) {
  World w;
  w.defaults.settings_model = "claude-x";
  BOOST_TEST(w.chosen() == "anthropic claude-x (it knows the model)");
  w.defaults.option_model = "ollama/claude-x";
  BOOST_TEST(w.chosen() == "ollama claude-x (the model's prefix)");
}

BOOST_AUTO_TEST_CASE(a_model_that_only_the_run_knows_chooses_nothing) {
  World w;
  w.keys = {"OPENAI_API_KEY"};
  w.defaults.settings_model = "claude-x";
  BOOST_TEST(w.chosen({"", "", true}) == "openai  (the only one whose key is set)");
}

BOOST_AUTO_TEST_CASE(several_that_know_a_model_are_told_apart_by_the_settings) {
  World w;
  w.add("llm.azure", {"azure", {"gpt-*"}, "", {"AZURE_KEY"}, "", false});
  BOOST_TEST(w.refused({"", "gpt-4o"}) ==
             "unknown_provider: several LLM providers know the model \"gpt-4o\": openai, azure");
  w.defaults.settings_provider = "azure";
  BOOST_TEST(w.chosen({"", "gpt-4o"}) == "azure gpt-4o (it knows the model)");
  w.defaults.settings_provider = "anthropic";
  BOOST_TEST(w.refused({"", "gpt-4o"}) ==
             "unknown_provider: several LLM providers know the model \"gpt-4o\": openai, azure");
}

BOOST_AUTO_TEST_CASE(several_that_know_a_model_are_told_apart_by_the_only_key) {
  World w;
  w.add("llm.azure", {"azure", {"gpt-*"}, "", {"AZURE_KEY"}, "", false});
  w.keys = {"AZURE_KEY", "ANTHROPIC_API_KEY"};
  BOOST_TEST(w.chosen({"", "gpt-4o"}) == "azure gpt-4o (it knows the model)");
  w.keys = {"AZURE_KEY", "OPENAI_API_KEY"};
  BOOST_TEST(w.refused({"", "gpt-4o"}) ==
             "unknown_provider: several LLM providers know the model \"gpt-4o\": openai, azure");
}

BOOST_AUTO_TEST_CASE(several_keys_are_ambiguous) {
  World w;
  w.keys = {"ANTHROPIC_API_KEY", "OPENAI_API_KEY"};
  BOOST_TEST(w.chosen() ==
             "unknown_provider: several LLM providers could answer: the keys of anthropic, openai are set\n"
             "Providers:\n"
             "  anthropic (llm.anthropic): models claude-*; its key is set\n"
             "  offline (llm.offline): only by name; needs no key\n"
             "  ollama (llm.ollama): models llama*, qwen*; needs no key\n"
             "  openai (llm.openai): models gpt-*, o?-*; its key is set\n"
             "Name one with the node's \"provider\", with --llm-provider or with PFLOW_LLM_PROVIDER. "
             "To try the workflow without a key: --llm-provider offline");
}

BOOST_AUTO_TEST_CASE(none_is_told_with_what_each_provider_lacks) {
  World w;
  BOOST_TEST(w.chosen({"", "mystery"}) ==
             "unknown_provider: there is no LLM provider to choose for the model \"mystery\"\n"
             "Providers:\n"
             "  anthropic (llm.anthropic): models claude-*; needs ANTHROPIC_API_KEY, which is not set\n"
             "  offline (llm.offline): only by name; needs no key\n"
             "  ollama (llm.ollama): models llama*, qwen*; needs no key\n"
             "  openai (llm.openai): models gpt-*, o?-*; needs OPENAI_API_KEY, which is not set\n"
             "Name one with the node's \"provider\", with --llm-provider or with PFLOW_LLM_PROVIDER. "
             "To try the workflow without a key: --llm-provider offline");
}

BOOST_AUTO_TEST_CASE(a_misspelt_name_gets_the_nearest_one) {
  World w;
  w.providers.resize(1);
  BOOST_TEST(w.chosen({"antropic", ""}) ==
             "unknown_provider: unknown LLM provider \"antropic\"\n#/provider\n"
             "Did you mean \"anthropic\"? Providers:\n"
             "  anthropic (llm.anthropic): models claude-*; needs ANTHROPIC_API_KEY, which is not set");
}

BOOST_AUTO_TEST_CASE(who_gave_an_unknown_name_is_told) {
  World w;
  w.defaults.settings_provider = "d";
  BOOST_TEST(w.refused() ==
             "unknown_provider: unknown LLM provider \"d\"\nllm.default_provider in /etc/pflow/settings.json");
  w.defaults.environment_provider = "c";
  BOOST_TEST(w.refused() == "unknown_provider: unknown LLM provider \"c\"\nPFLOW_LLM_PROVIDER");
  w.defaults.option_provider = "b";
  BOOST_TEST(w.refused() == "unknown_provider: unknown LLM provider \"b\"\n--llm-provider");
  BOOST_TEST(w.refused({"a", ""}) == "unknown_provider: unknown LLM provider \"a\"\n#/provider");
}

BOOST_AUTO_TEST_CASE(without_any_provider_that_is_said) {
  World w;
  w.providers.clear();
  BOOST_TEST(w.chosen() ==
             "unknown_provider: there is no LLM provider to choose\n"
             "Providers: none. No plugin offers one; see pflow-host plugins.");
}

BOOST_AUTO_TEST_CASE(two_of_one_name_are_told_apart_by_their_types) {
  World w;
  w.add("acme.openai", {"openai", {}, "own", {}, "", false});
  BOOST_TEST(w.chosen({"openai", ""}) ==
             "unknown_provider: several LLM providers are called \"openai\"\n#/provider\n"
             "Name the node type instead:\n"
             "  llm.openai (/plugins/llm.openai)\n"
             "  acme.openai (/plugins/acme.openai)");
  BOOST_TEST(w.refused({"", "openai/x"}) == "unknown_provider: several LLM providers are called \"openai\"");
  BOOST_TEST(w.chosen({"acme.openai", ""}) == "openai own (the node names it)");
}

BOOST_AUTO_TEST_CASE(long_and_hostile_names_are_shown_short) {
  World w;
  w.providers.clear();
  const std::string error = w.refused({std::string(100'000, 'x'), ""});
  BOOST_TEST(error.size() < 200U);
}

BOOST_AUTO_TEST_CASE(many_providers_are_listed_in_part) {
  World w;
  for (int i = 0; i < 100; ++i)
    w.add("llm.p" + std::to_string(i), {"p" + std::to_string(i), {}, "", {}, "", false});
  const std::string error = w.chosen();
  BOOST_TEST(error.find("\n  and 84 more: pflow-host providers\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(patterns_match_whole_names_in_any_case) {
  const auto fits = [](std::string_view pattern, std::string_view text) { return matches_pattern(pattern, text); };
  BOOST_TEST(fits("claude-*", "claude-"));
  BOOST_TEST(fits("claude-*", "Claude-Opus"));
  BOOST_TEST(!fits("claude-*", "claude"));
  BOOST_TEST(!fits("claude-*", "my-claude-x"));
  BOOST_TEST(fits("o?-*", "o3-mini"));
  BOOST_TEST(!fits("o?-*", "o-mini"));
  BOOST_TEST(fits("*", ""));
  BOOST_TEST(fits("", ""));
  BOOST_TEST(!fits("", "a"));
  BOOST_TEST(!fits("?", ""));
  BOOST_TEST(fits("a*b*c", "aXbYbZc"));
  BOOST_TEST(!fits("a*b*c", "aXbYbZ"));
  BOOST_TEST(fits("**a**", "a"));
  BOOST_TEST(fits("gpt-4o", "gpt-4o"));
  BOOST_TEST(!fits("gpt-4o", "gpt-4o-mini"));
}

BOOST_AUTO_TEST_CASE(a_hostile_pattern_ends_soon) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i)
    pattern += "a*";
  BOOST_TEST(!matches_pattern(pattern + "b", std::string(5000, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
