#include "core/template/lookup.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/template/filled_store.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(lookup)

std::string looked_up(FilledStore& store, std::string_view path, JsonTextCache* cache = nullptr) {
  const Lookup l = look_up(store.scope(), parse_path(path).value(), cache);
  return l.found ? to_json(l.value) : l.problem + " | " + l.hint;
}

std::string looked_up(std::string_view path) {
  FilledStore store;
  return looked_up(store, path);
}

BOOST_AUTO_TEST_CASE(inputs_and_outputs_are_found_with_their_types) {
  BOOST_TEST(looked_up("city") == "\"K\u00F6ln\"");
  BOOST_TEST(looked_up("config.retries") == "3");
  BOOST_TEST(looked_up("config.hosts[1]") == "\"b\"");
  BOOST_TEST(looked_up("config.deep.flag") == "true");
  BOOST_TEST(looked_up("config.deep.none") == "null");
  BOOST_TEST(looked_up("fetch.status") == "200");
  BOOST_TEST(looked_up("fetch.list[2]") == "null");
  BOOST_TEST(looked_up("fetch.nothing") == "null");
}

BOOST_AUTO_TEST_CASE(what_is_found_is_shared) {
  FilledStore store;
  const auto found = [&](std::string_view path) { return look_up(store.scope(), *parse_path(path), nullptr).value; };
  BOOST_TEST(found("config").same_content(store.config()));
  BOOST_TEST(found("config.hosts").same_content(*store.config().find("hosts")));
  BOOST_TEST(found("config.hosts[0]").same_content(store.config().find("hosts")->items()[0]));
  BOOST_TEST(found("fetch.body").same_content(store.output("body")));
}

BOOST_AUTO_TEST_CASE(a_node_as_a_whole_is_an_object_of_its_outputs) {
  FilledStore store;
  const Value node = look_up(store.scope(), *parse_path("fetch"), nullptr).value;
  BOOST_TEST(node.size() == 8u);
  BOOST_TEST(node.members()[0].name() == "status");
  BOOST_TEST(node.find("body")->same_content(store.output("body")));
}

BOOST_AUTO_TEST_CASE(a_path_steps_into_json_text_and_leaves_the_text_as_it_is) {
  FilledStore store;
  const Value before = store.output("body");
  BOOST_TEST(looked_up(store, "fetch.body.title") == "\"News\"");
  BOOST_TEST(looked_up(store, "fetch.body.items[1].id") == "2");
  BOOST_TEST(looked_up(store, "fetch.body.inner[1]") == "20");
  BOOST_TEST(store.output("body").same_content(before));
}

BOOST_AUTO_TEST_CASE(json_text_that_is_the_whole_value_stays_text) {
  BOOST_TEST(looked_up("fetch.body").starts_with("\" {"));
  BOOST_TEST(looked_up("fetch.body.inner") == "\"[10, 20]\"");
}

BOOST_AUTO_TEST_CASE(one_text_is_parsed_once_for_several_references) {
  FilledStore store;
  JsonTextCache cache;
  BOOST_TEST(looked_up(store, "fetch.body.title", &cache) == "\"News\"");
  const Value parsed = cache.parsed;
  BOOST_TEST(looked_up(store, "fetch.body.items[0].id", &cache) == "1");
  BOOST_TEST(cache.parsed.same_content(parsed));
  store.set("body", Value::string(R"({"title": "Other"})"));
  BOOST_TEST(looked_up(store, "fetch.body.title", &cache) == "\"Other\"");
}

BOOST_AUTO_TEST_CASE(text_is_parsed_up_to_ten_mebibytes) {
  FilledStore store;
  std::string text = R"({"a": 1})";
  text.append(kMaxJsonTextBytes - text.size(), ' ');
  store.set("text", Value::string(text));
  BOOST_TEST(looked_up(store, "fetch.text.a") == "1");
  store.set("text", Value::string(text + " "));
  BOOST_TEST(looked_up(store, "fetch.text.a") ==
             "\"fetch.text\" is a string and has no \"a\" | Its text is longer than 10 MiB and is not read as JSON.");
}

BOOST_AUTO_TEST_CASE(an_unknown_first_name_lists_what_there_is) {
  BOOST_TEST(looked_up("cty") ==
             "there is no \"cty\" | Did you mean \"city\"? Available: city, config, fetch, ask, "
             "later.");
}

BOOST_AUTO_TEST_CASE(a_node_that_has_not_run_says_so) {
  const std::string text =
      "node \"later\" has not run yet | Its outputs exist only after it ran; check the edges that lead here.";
  BOOST_TEST(looked_up("later.text") == text);
  BOOST_TEST(looked_up("later") == text);
}

BOOST_AUTO_TEST_CASE(an_unknown_output_lists_the_outputs) {
  BOOST_TEST(looked_up("fetch.staus") ==
             "\"fetch\" has no \"staus\" | Did you mean \"status\"? Keys of fetch: status, body, text, ratio, ok, "
             "nothing, raw, list.");
}

BOOST_AUTO_TEST_CASE(a_key_that_an_object_lacks_lists_its_keys) {
  BOOST_TEST(looked_up("config.deep.flog") ==
             "\"config.deep\" has no \"flog\" | Did you mean \"flag\"? Keys of config.deep: flag, none.");
  BOOST_TEST(looked_up("fetch.body.items[0].name") ==
             "\"fetch.body.items[0]\" has no \"name\" | Keys of fetch.body.items[0]: id.");
}

BOOST_AUTO_TEST_CASE(of_many_keys_twenty_are_listed) {
  FilledStore store;
  std::vector<Member> members;
  for (int i = 0; i < 25; ++i)
    members.push_back({Value::string("k" + std::to_string(i)), Value()});
  store.set("wide", Value::object(members));
  BOOST_TEST(looked_up(store, "fetch.wide.zzz") ==
             "\"fetch.wide\" has no \"zzz\" | Keys of fetch.wide: k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, "
             "k12, k13, k14, k15, k16, k17, k18, k19, and 5 more.");
}

BOOST_AUTO_TEST_CASE(a_position_beyond_the_end_says_how_many_there_are) {
  BOOST_TEST(looked_up("fetch.list[3]") == "\"fetch.list\" has no item 3 | It has 3 items.");
  BOOST_TEST(looked_up("config.hosts[99999999999999999999]") ==
             "\"config.hosts\" has no item 18446744073709551615 | It has 2 items.");
  FilledStore store;
  store.set("one", json("[1]"));
  BOOST_TEST(looked_up(store, "fetch.one[1]") == "\"fetch.one\" has no item 1 | It has 1 item.");
}

BOOST_AUTO_TEST_CASE(only_arrays_have_items) {
  BOOST_TEST(looked_up("fetch[0]") == "\"fetch\" is an object and has no items | ");
  BOOST_TEST(looked_up("config[0]") == "\"config\" is an object and has no items | ");
  BOOST_TEST(looked_up("fetch.status[0]") == "\"fetch.status\" is an integer and has no items | ");
  BOOST_TEST(looked_up("fetch.ratio[0]") == "\"fetch.ratio\" is a number and has no items | ");
  BOOST_TEST(looked_up("fetch.ok[0]") == "\"fetch.ok\" is a boolean and has no items | ");
  BOOST_TEST(looked_up("fetch.nothing[0]") == "\"fetch.nothing\" is null and has no items | ");
  BOOST_TEST(looked_up("fetch.text[0]") == "\"fetch.text\" is a string and has no items | Its text is not JSON.");
  BOOST_TEST(looked_up("fetch.raw[0]") == "\"fetch.raw\" is bytes and has no items | ");
  BOOST_TEST(looked_up("fetch.body[0]") == "\"fetch.body\" is an object and has no items | ");
}

BOOST_AUTO_TEST_CASE(only_objects_have_keys) {
  BOOST_TEST(looked_up("fetch.list.id") ==
             "\"fetch.list\" is an array and has no \"id\" | It is a list of 3; write fetch.list[0] for the first.");
  BOOST_TEST(looked_up("fetch.status.x") == "\"fetch.status\" is an integer and has no \"x\" | ");
  BOOST_TEST(looked_up("fetch.nothing.x") == "\"fetch.nothing\" is null and has no \"x\" | ");
  BOOST_TEST(looked_up("fetch.text.x") == "\"fetch.text\" is a string and has no \"x\" | Its text is not JSON.");
  BOOST_TEST(looked_up("fetch.raw.x") == "\"fetch.raw\" is bytes and has no \"x\" | ");
}

BOOST_AUTO_TEST_CASE(text_that_begins_like_json_and_is_none_is_text) {
  FilledStore store;
  store.set("text", Value::string("{\n broken"));
  BOOST_TEST(
      looked_up(store, "fetch.text.x") ==
      "\"fetch.text\" is a string and has no \"x\" | Its text cannot be read (2:2): invalid JSON: unexpected 'b'.");
}

BOOST_AUTO_TEST_CASE(a_path_bound_beforehand_leads_to_the_same_place) {
  FilledStore store;
  for (const std::string_view text : {"city", "fetch.status", "fetch.body.title", "later.x", "nobody"}) {
    Path path = *parse_path(text);
    const Lookup by_name = look_up(store.scope(), path, nullptr);
    path.bound = store.names().find(path.head);
    const Lookup bound = look_up(store.scope(), path, nullptr);
    BOOST_TEST(bound.found == by_name.found, text);
    BOOST_TEST((bound.value == by_name.value), text);
    BOOST_TEST(bound.problem == by_name.problem);
    BOOST_TEST(bound.hint == by_name.hint);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
