#include "host/loader/descriptor.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

std::string refusal(std::string_view json) {
  const Result<NodeType> type = read_descriptor(json);
  return type ? "accepted" : test::text_of(type.error(), "");
}

NodeType accepted(std::string_view json) {
  Result<NodeType> type = read_descriptor(json);
  BOOST_REQUIRE(type.ok());
  return std::move(type).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(descriptor)

BOOST_AUTO_TEST_CASE(an_empty_object_describes_a_type_that_says_nothing) {
  const NodeType type = accepted("{}");
  BOOST_TEST(type.params.empty());
  BOOST_TEST(!type.closed_params);
  BOOST_TEST(type.open_outputs);
  BOOST_TEST(type.actions.empty());
  BOOST_TEST(!type.retry.has_value());
}

BOOST_AUTO_TEST_CASE(every_part_of_a_parameter_is_read) {
  const NodeType type = accepted(R"({
      "description": "Fetches a page",
      "params": {"type": "object", "required": ["url"], "additionalProperties": false, "properties": {
        "url": {"type": "string", "description": "Where it is"},
        "tries": {"type": ["integer", "null"], "default": 3, "minimum": 1, "maximum": 10.5},
        "key": {"type": "string", "x-pflow-secret": true},
        "command": {"type": "string", "x-pflow-shell": true},
        "mode": {"enum": ["a", "b"]},
        "any": {}}}})");
  BOOST_TEST(type.description == "Fetches a page");
  BOOST_TEST(type.closed_params);
  BOOST_REQUIRE(type.params.size() == 6U);
  const ParamSpec& url = type.params[0];
  BOOST_TEST(url.name == "url");
  BOOST_TEST(url.description == "Where it is");
  BOOST_TEST(url.required);
  BOOST_TEST(!url.secret);
  BOOST_CHECK(url.types == std::vector{ir::DataType::kString});
  const ParamSpec& tries = type.params[1];
  BOOST_TEST(!tries.required);
  BOOST_CHECK(tries.types == std::vector{ir::DataType::kInteger});
  BOOST_REQUIRE(tries.default_value.has_value());
  BOOST_TEST(tries.default_value->as_int() == 3);
  BOOST_TEST(tries.minimum.value() == 1.0);
  BOOST_TEST(tries.maximum.value() == 10.5);
  BOOST_TEST(type.params[2].secret);
  BOOST_TEST(type.params[3].shell_text);
  BOOST_TEST(type.params[4].allowed.size() == 2U);
  BOOST_TEST(type.params[5].types.empty());
}

BOOST_AUTO_TEST_CASE(outputs_actions_and_retry_are_read) {
  const NodeType type = accepted(R"({
      "outputs": [{"name": "page", "type": "string", "description": "Its text", "primary": true}, {"name": "more"}],
      "actions": ["default", "error", {"name": "missing"}],
      "retry": {"max_attempts": 4, "wait_ms": 250, "backoff": 2, "max_wait_ms": 5000}})");
  BOOST_TEST(!type.open_outputs);
  BOOST_REQUIRE(type.outputs.size() == 2U);
  BOOST_TEST(type.outputs[0].name == "page");
  BOOST_TEST(type.outputs[0].type == "string");
  BOOST_TEST(type.outputs[0].description == "Its text");
  BOOST_TEST(type.outputs[0].primary);
  BOOST_TEST(type.outputs[1].type == "any");
  BOOST_TEST(type.actions == (std::vector<std::string>{"default", "error", "missing"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(type.retry.has_value());
  BOOST_TEST(type.retry->max_attempts == 4U);
  BOOST_TEST(type.retry->wait_ms == 250);
  BOOST_TEST(type.retry->backoff == 2.0);
  BOOST_TEST(type.retry->max_wait_ms == 5000);
}

BOOST_AUTO_TEST_CASE(retry_numbers_are_kept_in_their_limits) {
  const NodeType type =
      accepted(R"({"retry": {"max_attempts": 1e9, "wait_ms": -5, "backoff": 0.1, "max_wait_ms": 1e18}})");
  BOOST_TEST(type.retry->max_attempts == 100U);
  BOOST_TEST(type.retry->wait_ms == 0);
  BOOST_TEST(type.retry->backoff == 1.0);
  BOOST_TEST(type.retry->max_wait_ms == 3'600'000);
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_left_alone) {
  BOOST_TEST(refusal(R"({"icon": "x", "params": {"$schema": "y", "properties": {"a": {"format": "uri"}}}})") ==
             "accepted");
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_told_with_its_place) {
  BOOST_TEST(
      refusal(R"({"description": "unfinished)").starts_with("plugin_broken: the descriptor is not valid JSON: "));
  BOOST_TEST(refusal("").starts_with("plugin_broken: the descriptor is not valid JSON: "));
}

BOOST_AUTO_TEST_CASE(json_that_is_no_object_is_refused) {
  BOOST_TEST(refusal("[1]") == "plugin_broken: the descriptor is not a JSON object");
}

BOOST_AUTO_TEST_CASE(a_descriptor_of_more_than_a_mebibyte_is_refused) {
  const std::string large = R"({"description": ")" + std::string(1024 * 1024, 'x') + "\"}";
  BOOST_TEST(refusal(large) == "plugin_broken: the descriptor has 1048595 bytes; at most 1048576 are read");
}

BOOST_AUTO_TEST_CASE(params_that_are_no_schema_are_refused) {
  BOOST_TEST(refusal(R"({"params": []})") == "plugin_broken: \"params\" must be a JSON Schema object\n/params");
  BOOST_TEST(refusal(R"({"params": {"properties": 1}})") ==
             "plugin_broken: \"properties\" must be an object\n/params/properties");
  BOOST_TEST(refusal(R"({"params": {"properties": {"a": "string"}}})") ==
             "plugin_broken: parameter \"a\" is not described by an object\n/params/properties");
  BOOST_TEST(refusal(R"({"params": {"properties": {"a": {"type": "text"}}}})") ==
             "plugin_broken: parameter \"a\" has an unknown type\n/params/properties");
  BOOST_TEST(refusal(R"({"params": {"properties": {"a": {"type": 7}}}})") ==
             "plugin_broken: parameter \"a\" has an unknown type\n/params/properties");
  BOOST_TEST(refusal(R"({"params": {"properties": {}, "required": "a"}})") ==
             "plugin_broken: \"required\" must be an array of names\n/params/required");
  BOOST_TEST(refusal(R"({"params": {"properties": {"a": {}}, "required": ["b"]}})") ==
             "plugin_broken: \"required\" names a parameter that is not described\n/params/required");
}

BOOST_AUTO_TEST_CASE(outputs_without_a_usable_name_are_refused) {
  BOOST_TEST(refusal(R"({"outputs": {}})") == "plugin_broken: \"outputs\" must be an array\n/outputs");
  BOOST_TEST(refusal(R"({"outputs": [{"type": "string"}]})") ==
             "plugin_broken: an output has no usable \"name\"\n/outputs");
  BOOST_TEST(refusal(R"({"outputs": [{"name": "__cost"}]})") ==
             "plugin_broken: an output has no usable \"name\"\n/outputs");
}

BOOST_AUTO_TEST_CASE(a_provider_of_llm_is_read) {
  const NodeType type = accepted(R"({"implements": "llm", "provider": "acme", "models": ["acme-*", "x"],
      "default_model": "acme-1", "keys": ["ACME_KEY"], "base_url": {"setting": "ACME_URL"}, "by_name_only": true,
      "params": {"properties": {"prompt": {}}}})");
  BOOST_REQUIRE(type.provider.has_value());
  BOOST_TEST(type.provider->name == "acme");
  BOOST_TEST(type.provider->models == (std::vector<std::string>{"acme-*", "x"}), boost::test_tools::per_element());
  BOOST_TEST(type.provider->default_model == "acme-1");
  BOOST_TEST(type.provider->keys == (std::vector<std::string>{"ACME_KEY"}), boost::test_tools::per_element());
  BOOST_TEST(type.provider->base_url_setting == "ACME_URL");
  BOOST_TEST(type.provider->by_name_only);
  BOOST_TEST(type.closed_params);
}

BOOST_AUTO_TEST_CASE(a_provider_need_not_say_more_than_what_it_implements) {
  const NodeType type = accepted(R"({"implements": "llm"})");
  BOOST_REQUIRE(type.provider.has_value());
  BOOST_TEST(type.provider->name == "");
  BOOST_TEST(type.provider->models.empty());
  BOOST_TEST(type.provider->keys.empty());
  BOOST_TEST(!type.provider->by_name_only);
  BOOST_TEST(!type.closed_params);
}

BOOST_AUTO_TEST_CASE(who_does_not_implement_llm_is_no_provider) {
  BOOST_TEST(!accepted(R"({"provider": "acme", "models": 7})").provider.has_value());
  BOOST_TEST(!accepted(R"({"implements": "embeddings", "models": 7})").provider.has_value());
}

BOOST_AUTO_TEST_CASE(a_malformed_provider_is_refused) {
  const auto with = [](std::string_view more) {
    return refusal("{\"implements\": \"llm\", " + std::string(more) + "}");
  };
  BOOST_TEST(refusal(R"({"implements": ["llm"]})") == "plugin_broken: \"implements\" must be a text\n/implements");
  BOOST_TEST(with(R"("provider": 1)") == "plugin_broken: \"provider\" must be a text that is not empty\n/provider");
  BOOST_TEST(with(R"("provider": "")") == "plugin_broken: \"provider\" must be a text that is not empty\n/provider");
  for (const std::string name : {"a/b", "a b", "a\\n", "${a}"}) {
    BOOST_TEST(with("\"provider\": \"" + name + "\"") ==
               "plugin_broken: \"provider\" must be a name without spaces and slashes\n/provider");
  }
  BOOST_TEST(with(R"("models": "gpt-*")") ==
             "plugin_broken: \"models\" must be an array of texts that are not empty\n/models");
  BOOST_TEST(with(R"("models": [""])") ==
             "plugin_broken: \"models\" must be an array of texts that are not empty\n/models");
  BOOST_TEST(with(R"("keys": [1])") == "plugin_broken: \"keys\" must be an array of texts that are not empty\n/keys");
  BOOST_TEST(with(R"("default_model": null)") ==
             "plugin_broken: \"default_model\" must be a text that is not empty\n/default_model");
  BOOST_TEST(with(R"("base_url": "X")") ==
             "plugin_broken: \"base_url\" must be an object with a \"setting\"\n/base_url");
  BOOST_TEST(with(R"("base_url": {"setting": 1})") ==
             "plugin_broken: \"setting\" must be a text that is not empty\n/base_url/setting");
  BOOST_TEST(with(R"("by_name_only": "yes")") ==
             "plugin_broken: \"by_name_only\" must be true or false\n/by_name_only");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
