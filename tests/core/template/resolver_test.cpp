#include "core/template/resolver.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/ir/problem_text.hpp"
#include "tests/core/template/filled_store.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(resolver)

Result<Value> resolved(FilledStore& store, const Value& params, OnMissing on_missing = OnMissing::kFail) {
  TemplateResolver resolver(on_missing);
  return resolver.resolve(ParamTemplate::parse(params), store.scope(), "/p");
}

// What a text becomes, as JSON, or the whole error.
std::string filled(std::string_view text) {
  FilledStore store;
  const Result<Value> v = resolved(store, Value::string(text));
  return v ? to_json(*v) : ir::text_of({v.error()});
}

// What parameters written as JSON become, or the whole error.
std::string filled_json(std::string_view text) {
  FilledStore store;
  const Result<Value> v = resolved(store, json(text));
  return v ? to_json(*v) : ir::text_of({v.error()});
}

// The same in permissive mode: the value, then what was kept.
std::string kept(std::string_view text) {
  FilledStore store;
  TemplateResolver resolver(OnMissing::kKeepText);
  const Result<Value> v = resolver.resolve(ParamTemplate::parse(json(text)), store.scope(), "/p");
  return to_json(*v) + "\n" + ir::text_of(resolver.take_unresolved());
}

BOOST_AUTO_TEST_CASE(a_whole_reference_keeps_the_type_of_what_it_points_at) {
  BOOST_TEST(filled("${fetch.status}") == "200");
  BOOST_TEST(filled("${fetch.ratio}") == "0.5");
  BOOST_TEST(filled("${fetch.ok}") == "true");
  BOOST_TEST(filled("${fetch.nothing}") == "null");
  BOOST_TEST(filled("${fetch.list}") == R"([1,"zwei",null])");
  BOOST_TEST(filled("${config.deep}") == R"({"flag":true,"none":null})");
  BOOST_TEST(filled("${fetch.raw}") == R"({"$base64":"//4="})");
}

BOOST_AUTO_TEST_CASE(a_whole_reference_shares_the_value_at_any_depth) {
  FilledStore store;
  BOOST_TEST(resolved(store, Value::string("${config}"))->same_content(store.config()));
  BOOST_TEST(resolved(store, Value::string("${config.hosts}"))->same_content(*store.config().find("hosts")));
  const Value inside = *resolved(store, json(R"({"a": [0, "${fetch.body}"]})"));
  BOOST_TEST(inside.find("a")->items()[1].same_content(store.output("body")));
}

BOOST_AUTO_TEST_CASE(a_constant_is_shared) {
  FilledStore store;
  const Value constant = json(R"({"a": [1, 2]})");
  BOOST_TEST(resolved(store, constant)->same_content(constant));
  const Value mixed = json(R"({"a": [1, 2], "b": "${city}"})");
  BOOST_TEST(resolved(store, mixed)->find("a")->same_content(*mixed.find("a")));
}

BOOST_AUTO_TEST_CASE(inside_text_values_are_written_out) {
  BOOST_TEST(filled("in ${city}!") == "\"in K\u00F6ln!\"");
  BOOST_TEST(filled("${fetch.status}/${fetch.ratio}/${fetch.ok}") == R"("200/0.5/true")");
  BOOST_TEST(filled("<${fetch.nothing}>") == R"("<>")");
  BOOST_TEST(filled("list: ${fetch.list}") == R"("list: [1,\"zwei\",null]")");
  BOOST_TEST(filled("${config.deep} ") == R"("{\"flag\":true,\"none\":null} ")");
  BOOST_TEST(filled("${config.retries}${config.retries}") == "\"33\"");
}

BOOST_AUTO_TEST_CASE(what_a_reference_brings_is_not_read_as_a_template_again) {
  FilledStore store;
  store.set("text", Value::string("${city} $${city}"));
  BOOST_TEST(resolved(store, Value::string("${fetch.text}"))->text() == "${city} $${city}");
  BOOST_TEST(resolved(store, Value::string("x ${fetch.text}"))->text() == "x ${city} $${city}");
}

BOOST_AUTO_TEST_CASE(escaped_references_stand_beside_filled_ones) {
  BOOST_TEST(filled("$${city} is ${city}") == "\"${city} is K\u00F6ln\"");
}

BOOST_AUTO_TEST_CASE(bytes_inside_text_make_bytes_unless_the_whole_is_utf8) {
  FilledStore store;
  const Value v = *resolved(store, Value::string("a${fetch.raw}z"));
  BOOST_TEST((v.type() == Value::Type::kBytes));
  BOOST_TEST(v.text() == "a\xFF\xFEz");
  store.set("raw", Value::bytes("\xC3"));
  store.set("text", Value::bytes("\xBC"));
  const Value whole = *resolved(store, Value::string("${fetch.raw}${fetch.text}"));
  BOOST_TEST(whole.is_string());
  BOOST_TEST(whole.text() == "\u00FC");
}

BOOST_AUTO_TEST_CASE(objects_and_arrays_are_filled_at_every_depth) {
  BOOST_TEST(
      filled_json(R"({"u": "http://${city}", "h": [{"n": "${fetch.status}"}, [["${fetch.list[1]}"]]], "c": 1})") ==
      "{\"u\":\"http://K\u00F6ln\",\"h\":[{\"n\":200},[[\"zwei\"]]],\"c\":1}");
}

BOOST_AUTO_TEST_CASE(references_into_json_text_are_filled) {
  BOOST_TEST(filled("${fetch.body.title}") == "\"News\"");
  BOOST_TEST(filled_json(R"(["${fetch.body.items}", "${fetch.body.items[0].id}", "n ${fetch.body.inner[0]}"])") ==
             R"([[{"id":1},{"id":2}],1,"n 10"])");
}

BOOST_AUTO_TEST_CASE(parts_of_one_json_text_are_shared_between_references) {
  FilledStore store;
  const Value v = *resolved(store, json(R"(["${fetch.body.items}", "${fetch.body.items}"])"));
  BOOST_TEST(v.items()[0].same_content(v.items()[1]));
}

BOOST_AUTO_TEST_CASE(strict_a_reference_that_leads_nowhere_is_the_error_with_its_place) {
  BOOST_TEST(filled("${fetch.staus}") ==
             "unresolved_template | /p | cannot resolve ${fetch.staus}: \"fetch\" has no \"staus\" | Did you mean "
             "\"status\"? Keys of fetch: status, body, text, ratio, ok, nothing, raw, list. | \n");
  BOOST_TEST(filled("in ${cty}") ==
             "unresolved_template | /p | cannot resolve ${cty}: there is no \"cty\" | Did you mean \"city\"? "
             "Available: city, config, fetch, ask, later. | \n");
  BOOST_TEST(filled_json(R"({"a/b": [1, {"c": "x ${later.text}"}]})") ==
             "unresolved_template | /p/a~1b/1/c | cannot resolve ${later.text}: node \"later\" has not run yet | Its "
             "outputs exist only after it ran; check the edges that lead here. | \n");
}

BOOST_AUTO_TEST_CASE(strict_the_first_of_several_is_the_error) {
  BOOST_TEST(filled_json(R"(["${fetch.list[9]}", "${cty}"])") ==
             "unresolved_template | /p/0 | cannot resolve ${fetch.list[9]}: \"fetch.list\" has no item 9 | It has 3 "
             "items. | \n");
}

BOOST_AUTO_TEST_CASE(permissive_the_text_stays_as_written_and_each_reference_is_noted) {
  BOOST_TEST(kept(R"({"a": "${fetch.list[9]}", "b": ["in ${cty}, ${city}, ${later.x}", "$${city} ${zzz}"]})") ==
             "{\"a\":\"${fetch.list[9]}\",\"b\":[\"in ${cty}, K\u00F6ln, ${later.x}\",\"${city} ${zzz}\"]}\n"
             "unresolved_template | /p/a | cannot resolve ${fetch.list[9]}: \"fetch.list\" has no item 9 | It has 3 "
             "items. | \n"
             "unresolved_template | /p/b/0 | cannot resolve ${cty}: there is no \"cty\" | Did you mean \"city\"? "
             "Available: city, config, fetch, ask, later. | \n"
             "unresolved_template | /p/b/0 | cannot resolve ${later.x}: node \"later\" has not run yet | Its outputs "
             "exist only after it ran; check the edges that lead here. | \n"
             "unresolved_template | /p/b/1 | cannot resolve ${zzz}: there is no \"zzz\" | Available: city, config, "
             "fetch, ask, later. | \n");
}

BOOST_AUTO_TEST_CASE(permissive_what_was_noted_is_taken_once) {
  FilledStore store;
  TemplateResolver resolver(OnMissing::kKeepText);
  BOOST_TEST(resolver.unresolved_count() == 0u);
  BOOST_TEST(resolver.resolve(ParamTemplate::parse(Value::string("${x} ${y}")), store.scope(), "").ok());
  BOOST_TEST(resolver.unresolved_count() == 2u);
  BOOST_TEST(resolver.take_unresolved().size() == 2u);
  BOOST_TEST(resolver.unresolved_count() == 0u);
  BOOST_TEST(resolver.take_unresolved().empty());
}

BOOST_AUTO_TEST_CASE(one_resolver_fills_many_templates) {
  FilledStore store;
  TemplateResolver resolver(OnMissing::kFail);
  const ParamTemplate t = ParamTemplate::parse(Value::string("${fetch.body.title}"));
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(resolver.resolve(t, store.scope(), "")->text() == "News");
  store.set("body", Value::string(R"({"title": "changed"})"));
  BOOST_TEST(resolver.resolve(t, store.scope(), "")->text() == "changed");
}

// Arrays within arrays.
Value nested(std::uint32_t levels) {
  Value v = Value::string("x");
  for (std::uint32_t i = 0; i < levels; ++i)
    v = Value::array({&v, 1});
  return v;
}

BOOST_AUTO_TEST_CASE(a_value_512_levels_deep_is_made_and_a_deeper_one_is_not) {
  FilledStore store;
  store.set("list", nested(kMaxValueDepth - 2));
  const Value params = json(R"({"a": ["${fetch.list}"]})");
  BOOST_TEST(resolved(store, params)->depth() == kMaxValueDepth);
  store.set("list", nested(kMaxValueDepth - 1));
  const std::string too_deep =
      "too_deep | /p | the value would be nested more than 512 levels deep | Each visit in a loop may add levels. Pass "
      "on the part that is needed. | \n";
  BOOST_TEST(ir::text_of({resolved(store, params).error()}) == too_deep);
  BOOST_TEST(ir::text_of({resolved(store, params, OnMissing::kKeepText).error()}) == too_deep);
  BOOST_TEST(ir::text_of({resolved(store, json(R"({"a": {"b": [["${fetch.list}"]]}})")).error()}) ==
             "too_deep | /p/a/b | the value would be nested more than 512 levels deep | Each visit in a loop may add "
             "levels. Pass on the part that is needed. | \n");
}

BOOST_AUTO_TEST_CASE(a_nodes_outputs_are_no_value_when_that_would_be_too_deep) {
  FilledStore store;
  store.set("list", nested(kMaxValueDepth - 1));
  BOOST_TEST(resolved(store, Value::string("${fetch}"))->depth() == kMaxValueDepth);
  store.set("list", nested(kMaxValueDepth));
  BOOST_TEST(ir::text_of({resolved(store, Value::string("${fetch}")).error()}) ==
             "too_deep | /p | cannot resolve ${fetch}: the outputs of \"fetch\" would be nested more than 512 levels "
             "deep | Read the one that is needed, by its name. | \n");
  BOOST_TEST(resolved(store, Value::string("${fetch.list}"))->depth() == kMaxValueDepth);
}

BOOST_AUTO_TEST_CASE(a_text_grows_to_its_limit_and_no_further) {
  FilledStore store;
  TemplateResolver resolver(OnMissing::kKeepText, 12);
  const auto filled_within = [&](std::string_view text) {
    const Result<Value> v = resolver.resolve(ParamTemplate::parse(Value::string(text)), store.scope(), "/p");
    return v ? to_json(*v) : ir::text_of({v.error()});
  };
  const std::string too_long =
      "too_large | /p | the text would be longer than 12 bytes | Each visit in a loop may add to it. Keep large data "
      "in "
      "files. | \n";
  BOOST_TEST(filled_within("1234567${fetch.text}") == R"("1234567plain")");
  BOOST_TEST(filled_within("12345678${fetch.text}") == too_long);
  BOOST_TEST(filled_within("${fetch.text}12345678") == too_long);
  BOOST_TEST(filled_within("${fetch.list}") == R"([1,"zwei",null])");
  BOOST_TEST(filled_within("${fetch.list} ") == too_long);
  BOOST_TEST(filled_within("${nobody}${nobody}") == too_long);
  BOOST_TEST(kMaxTextBytes == 1073741824u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
