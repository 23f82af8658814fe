#include "core/template/param_template.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(param_template)

// A template taken apart: constants as JSON, whole references as <path>, text as [literal<path>literal].
std::string parts(const ParamTemplate& t) {
  std::string out;
  switch (t.kind()) {
    case ParamTemplate::Kind::kConstant:
      return to_json(t.constant());
    case ParamTemplate::Kind::kWhole:
      return "<" + t.path().text + ">";
    case ParamTemplate::Kind::kText:
      for (const ParamTemplate::Piece& piece : t.pieces())
        out += piece.literal + (piece.has_path ? "<" + piece.path.text + ">" : "");
      return "[" + out + "]";
    case ParamTemplate::Kind::kArray:
    case ParamTemplate::Kind::kObject:
      for (const ParamTemplate& child : t.children())
        out += (out.empty() ? "" : ", ") + parts(child);
      return t.kind() == ParamTemplate::Kind::kArray ? "(" + out + ")" : "{" + out + "}";
  }
  return out;
}

std::string parts(std::string_view text) {
  return parts(ParamTemplate::parse(Value::string(text)));
}

BOOST_AUTO_TEST_CASE(text_without_a_reference_is_a_constant_and_shared) {
  const Value v = Value::string("no reference, $ alone, $5, {a}, a}");
  const ParamTemplate t = ParamTemplate::parse(v);
  BOOST_TEST(t.is_constant());
  BOOST_TEST(t.constant().same_content(v));
  BOOST_TEST(t.source().same_content(v));
  BOOST_TEST(ParamTemplate().is_constant());
}

BOOST_AUTO_TEST_CASE(a_string_that_is_one_reference_is_whole) {
  BOOST_TEST(parts("${a}") == "<a>");
  BOOST_TEST(parts("${a.b[0].c}") == "<a.b[0].c>");
}

BOOST_AUTO_TEST_CASE(anything_around_a_reference_makes_it_text) {
  BOOST_TEST(parts(" ${a}") == "[ <a>]");
  BOOST_TEST(parts("${a} ") == "[<a> ]");
  BOOST_TEST(parts("x${a}y${b.c}z") == "[x<a>y<b.c>z]");
  BOOST_TEST(parts("${a}${b}") == "[<a><b>]");
  BOOST_TEST(parts("${a}${a}${a}") == "[<a><a><a>]");
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_a_reference_is_text) {
  for (const std::string_view text :
       {"${}",     "${1}",  "${#a}",    "${a:-b}",      "${x:-y}", "${a", "${a.}", "${.a}", "${a b}", "${ a }", "${a[}",
        "${a[x]}", "${!a}", "${a/b/c}", "${gr\u00FCn}", "$",       "${",  "$ {a}", "$(a)",  "{a}",    "${a$}"})
    BOOST_TEST(parts(text) == to_json(Value::string(text)), text);
}

BOOST_AUTO_TEST_CASE(references_next_to_shell_text_are_found) {
  BOOST_TEST(parts("${x:-${a}}") == "[${x:-<a>}]");
  BOOST_TEST(parts("for f in ${#list[@]}; do echo ${a.b} ${f}; done") ==
             "[for f in ${#list[@]}; do echo <a.b> <f>; done]");
  BOOST_TEST(parts("${${a}}") == "[${<a>}]");
  BOOST_TEST(parts("${a${b}") == "[${a<b>]");
  BOOST_TEST(parts("$${1}${a}") == "[${1}<a>]");
}

BOOST_AUTO_TEST_CASE(two_dollars_write_a_literal_brace) {
  BOOST_TEST(parts("$${a}") == "\"${a}\"");
  BOOST_TEST(parts("x $${a} y $${b} z") == "\"x ${a} y ${b} z\"");
  BOOST_TEST(parts("$${a} ${b}") == "[${a} <b>]");
  BOOST_TEST(parts("${b}$${a}") == "[<b>${a}]");
  BOOST_TEST(parts("$$${a}") == "\"$${a}\"");
  BOOST_TEST(parts("$${$${a}") == "\"${${a}\"");
  BOOST_TEST(parts("$${") == "\"${\"");
  BOOST_TEST(parts("$$ $${") == "\"$$ ${\"");
  BOOST_TEST(parts("$${${a}}") == "[${<a>}]");
}

BOOST_AUTO_TEST_CASE(the_source_is_kept_as_written) {
  const Value v = Value::string("$${a}");
  BOOST_TEST(ParamTemplate::parse(v).source().same_content(v));
  BOOST_TEST(ParamTemplate::parse(Value::string("x ${a}")).source().text() == "x ${a}");
}

BOOST_AUTO_TEST_CASE(characters_of_every_language_stand_around_references) {
  BOOST_TEST(parts("gr\u00FCn ${a} \u65E5\u672C\U0001F600${b}\u00E9") ==
             "[gr\u00FCn <a> \u65E5\u672C\U0001F600<b>\u00E9]");
}

BOOST_AUTO_TEST_CASE(scalars_are_constants) {
  for (const std::string_view text : {"null", "true", "5", "2.5"})
    BOOST_TEST(parts(ParamTemplate::parse(json(text))) == to_json(json(text)));
  BOOST_TEST(ParamTemplate::parse(Value::bytes("${a}")).is_constant());
}

BOOST_AUTO_TEST_CASE(references_are_found_inside_arrays_and_objects_but_not_in_keys) {
  BOOST_TEST(parts(ParamTemplate::parse(json(R"({"a": ["${x}", 1, {"b": "to ${y}"}], "${k}": true})"))) ==
             "{(<x>, 1, {[to <y>]}), true}");
  BOOST_TEST(ParamTemplate::parse(json(R"({"${k}": "$"})")).is_constant());
}

BOOST_AUTO_TEST_CASE(a_container_without_references_is_shared_as_a_whole) {
  const Value v = json(R"({"a": [1, {"b": "${"}], "c": "text"})");
  const ParamTemplate t = ParamTemplate::parse(v);
  BOOST_TEST(t.constant().same_content(v));
  BOOST_TEST(t.children().empty());
}

BOOST_AUTO_TEST_CASE(escapes_inside_containers_are_undone_and_what_has_none_is_shared) {
  const Value v = json(R"({"a": ["$${x}", 1], "b": {"c": [2]}})");
  const ParamTemplate t = ParamTemplate::parse(v);
  BOOST_REQUIRE(t.is_constant());
  BOOST_TEST(to_json(t.constant()) == R"({"a":["${x}",1],"b":{"c":[2]}})");
  BOOST_TEST(t.constant().find("b")->same_content(*v.find("b")));
  BOOST_TEST(t.source().same_content(v));
}

BOOST_AUTO_TEST_CASE(a_fixed_value_is_never_a_template) {
  const Value v = Value::string("${a} and $${b}");
  const ParamTemplate t = ParamTemplate::fixed(v);
  BOOST_TEST(t.is_constant());
  BOOST_TEST(t.constant().same_content(v));
}

BOOST_AUTO_TEST_CASE(every_use_is_visited_in_order_with_its_place) {
  const ParamTemplate t = ParamTemplate::parse(
      json(R"({"url": "${host}/${path}", "a/b": [1, "${x[0]}", {"~": "${y}"}], "none": "$${z}", "": "${e}"})"));
  std::string uses;
  t.for_each_use("/p", [&](const TemplateUse& use) { uses += use.pointer + "=" + use.path->text + " "; });
  BOOST_TEST(uses == "/p/url=host /p/url=path /p/a~1b/1=x[0] /p/a~1b/2/~0=y /p/=e ");
}

BOOST_AUTO_TEST_CASE(first_names_are_bound_at_every_depth) {
  StoreNames names;
  names.nodes = {"fetch"};
  names.inputs = {"city"};
  names.index();
  ParamTemplate t = ParamTemplate::parse(json(R"(["${city}", {"a": "in ${fetch.body} ${other}"}])"));
  t.bind(names);
  std::string kinds;
  t.for_each_use("", [&](const TemplateUse& use) {
    kinds += use.path->head + ":" + std::to_string(static_cast<int>(use.path->bound.kind)) + " ";
  });
  BOOST_TEST(kinds == "city:1 fetch:2 other:0 ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
