#include "core/trace/trace_expander.hpp"

#include <boost/test/unit_test.hpp>

#include "core/trace/trace_document.hpp"
#include "tests/core/json_literal.hpp"
#include "tests/core/trace/trace_fixture.hpp"

namespace pflow {
namespace {

using trace_fixture::RandomRun;

// The member `name` of a root written with ' for ", filled in.
Expansion filled(std::string text, std::string_view name, ExpansionLimits limits = {}) {
  for (char& c : text) {
    if (c == '\'') c = '"';
  }
  const Value root = json(text);
  return TraceExpander(root, limits).expand(*root.find(name));
}

std::string text_of(const Expansion& e) {
  return to_json(e.value) + (e.unresolved == 0 ? "" : " unresolved: " + e.first_unresolved);
}

void check_run(const RandomRun& run) {
  Result<TraceDocument> document = TraceDocument::read(trace_fixture::file_of(run.events), "t.json");
  BOOST_REQUIRE(document.ok());
  for (std::size_t i = 0; i < run.events.size(); ++i) {
    const Expansion e = document->expand(document->events()[i]);
    BOOST_TEST_CONTEXT("event " << i << ": " << run.events[i] << "\n" << to_json(e.value)) {
      BOOST_TEST(e.unresolved == 0U);
      BOOST_TEST(e.first_unresolved == "");
      BOOST_TEST(trace_fixture::same(*e.value.find("shared_before"), run.before[i]));
      BOOST_TEST(trace_fixture::same(*e.value.find("shared_after"), run.after[i]));
      BOOST_TEST(trace_fixture::same(*e.value.find("params"), run.params[i]));
    }
  }
}

BOOST_AUTO_TEST_SUITE(trace_expander)

BOOST_AUTO_TEST_CASE(a_part_without_references_is_shared_as_it_is) {
  const Value root = json(R"({"a": {"x": [1, "text"]}})");
  TraceExpander expander(root);
  BOOST_TEST(expander.expand(*root.find("a")).value.same_content(*root.find("a")));
}

BOOST_AUTO_TEST_CASE(a_reference_is_replaced_by_what_it_leads_to) {
  BOOST_TEST(text_of(filled("{'a': {'x/y': [7, {'k': 'v'}]}, 'b': {'here': {'$ref': '/a/x~1y/1'}}}", "b")) ==
             R"({"here":{"k":"v"}})");
  BOOST_TEST(text_of(filled("{'a': 'text', 'b': {'$ref': '/a'}, 'c': {'$ref': '/b'}}", "c")) == R"("text")");
}

BOOST_AUTO_TEST_CASE(what_a_reference_leads_to_is_shared_and_not_copied) {
  const Value root = json(R"({"a": {"x": [1]}, "b": [{"$ref": "/a"}, {"$ref": "/a/x"}]})");
  const Value b = TraceExpander(root).expand(*root.find("b")).value;
  BOOST_TEST(b.items()[0].same_content(*root.find("a")));
  BOOST_TEST(b.items()[1].same_content(*root.find("a")->find("x")));
}

BOOST_AUTO_TEST_CASE(a_reference_may_lead_through_another) {
  BOOST_TEST(text_of(filled("{'a': {'x': [5]}, 'b': {'y': {'$ref': '/a'}}, 'c': {'$ref': '/b/y/x/0'}}", "c")) == "5");
}

BOOST_AUTO_TEST_CASE(a_snapshot_is_its_base_without_what_was_removed_and_with_what_was_set) {
  BOOST_TEST(text_of(filled("{'a': {'n': {'old': 1, 'kept': 2}, 'gone': {}}, 'b': {'$base': '/a', 'set': {'/n/new': 3, "
                            "'/m/out': [4], '/n/kept': 5}, 'remove': ['/n/old', '/gone', '/never']}}",
                            "b")) == R"({"n":{"kept":5,"new":3},"m":{"out":[4]}})");
}

BOOST_AUTO_TEST_CASE(what_is_removed_and_set_at_once_is_set) {
  BOOST_TEST(text_of(filled("{'a': {'n': {'x': 1}}, 'b': {'$base': '/a', 'remove': ['/n'], 'set': {'/n/y': 2}}}",
                            "b")) == R"({"n":{"y":2}})");
}

BOOST_AUTO_TEST_CASE(a_newer_snapshot_overrides_an_older_one_above_and_below) {
  const std::string chain =
      "{'a': {'n': {'x': 1}}, 'b': {'$base': '/a', 'set': {'/n/x': 2, '/m': {'p': 1, 'q': 2}}},"
      " 'c': {'$base': '/b', 'set': {'/n': 'whole', '/m/p': 9}, 'remove': ['/m/q']},"
      " 'd': {'$base': '/c', 'set': {'/n/z': 1}}, 'e': {'$ref': '/d/m/p'}, 'f': {'$ref': '/c/n'}, 'g': {'$ref': "
      "'/d/m'}}";
  BOOST_TEST(text_of(filled(chain, "c")) == R"({"n":"whole","m":{"p":9}})");
  BOOST_TEST(text_of(filled(chain, "d")) == R"({"n":{"z":1},"m":{"p":9}})");
  BOOST_TEST(text_of(filled(chain, "e")) == "9");
  BOOST_TEST(text_of(filled(chain, "f")) == R"("whole")");
  BOOST_TEST(text_of(filled(chain, "g")) == R"({"p":9})");
}

BOOST_AUTO_TEST_CASE(a_user_s_own_dollar_keys_come_back_as_they_were) {
  BOOST_TEST(text_of(filled("{'a': {'$$ref': '/x', '$$$y': {'$$base': 1}, 'plain': 2}}", "a")) ==
             R"({"$ref":"/x","$$y":{"$base":1},"plain":2})");
  BOOST_TEST(text_of(filled("{'a': {'$$k': {'v': 1}}, 'b': {'$ref': '/a/$$k/v'}}", "b")) == "1");
  BOOST_TEST(text_of(filled("{'a': {'$base64': 'AA=='}}", "a")) == R"({"$base64":"AA=="})");
}

BOOST_AUTO_TEST_CASE(names_that_would_clash_are_left_as_they_are) {
  BOOST_TEST(text_of(filled("{'a': {'$x': 1, '$$x': 2}}", "a")) == R"({"$x":1,"$$x":2})");
}

BOOST_AUTO_TEST_CASE(a_reference_to_nowhere_is_left_and_marked) {
  BOOST_TEST(text_of(filled("{'b': [{'$ref': '/nodes/7'}, 1]}", "b")) ==
             R"([{"$ref":"/nodes/7","$unresolved":"there is nothing at that place"},1])"
             " unresolved: /nodes/7: there is nothing at that place");
  BOOST_TEST(filled("{'b': {'$ref': 'no pointer'}}", "b").first_unresolved == "no pointer: it is no JSON Pointer");
  BOOST_TEST(filled("{'b': {'$base': '/x', 'set': {}}}", "b").first_unresolved == "/x: there is nothing at that place");
  BOOST_TEST(filled("{'a': 1, 'b': {'$base': '/a', 'set': {'x': 1}}}", "b").first_unresolved ==
             "/a: its \"set\" holds what is no JSON Pointer");
}

BOOST_AUTO_TEST_CASE(a_marker_of_a_wrong_type_is_shown_as_it_is) {
  BOOST_TEST(text_of(filled("{'b': {'$ref': 5, 'x': {'$base': null}}}", "b")) == R"({"$ref":5,"x":{"$base":null}})");
}

BOOST_AUTO_TEST_CASE(circles_end) {
  BOOST_TEST(filled("{'b': {'$ref': '/b'}}", "b").first_unresolved == "/b: it leads back to itself");
  BOOST_TEST(filled("{'b': {'in': {'$ref': ''}}}", "b").unresolved > 0U);
  BOOST_TEST(filled("{'b': [{'$ref': '/c'}], 'c': [{'$ref': '/b'}]}", "b").unresolved > 0U);
  BOOST_TEST(filled("{'b': {'$ref': '/b/x/y'}}", "b").unresolved == 1U);
  BOOST_TEST(filled("{'b': {'$base': '/b', 'set': {'/x': 1}}}", "b").first_unresolved == "/b: it leads back to itself");
  BOOST_TEST(filled("{'b': {'$base': '/c', 'set': {}}, 'c': {'$ref': '/b'}, 'd': {'$ref': '/b/x'}}", "d").unresolved ==
             1U);
  BOOST_TEST(
      filled("{'a': {}, 'b': {'$base': '/a', 'set': {'/x': {'$base': '/b', 'set': {'/y': 1}}}}}", "b").unresolved ==
      1U);
  BOOST_TEST(filled("{'a': {}, 'b': {'$base': '/a', 'set': {'/x': {'$ref': '/b/x'}}}}", "b").unresolved > 0U);
}

BOOST_AUTO_TEST_CASE(a_long_chain_of_references_is_followed) {
  std::string text = "{'a0': 'end'";
  for (int i = 1; i <= 10000; ++i)
    text += ", 'a" + std::to_string(i) + "': {'$base': '/a" + std::to_string(i - 1) + "', 'set': {}}";
  BOOST_TEST(text_of(filled(text + "}", "a10000")) == R"("end")");
}

BOOST_AUTO_TEST_CASE(references_that_multiply_end_at_the_limit_of_size) {
  std::string text = "{'a0': ['0123456789']";
  for (int i = 1; i < 60; ++i) {
    const std::string ref = "{'$ref': '/a" + std::to_string(i - 1) + "'}";
    text += ", 'a" + std::to_string(i) + "': [" + ref + "," + ref + "," + ref + "," + ref + "]";
  }
  const Expansion e = filled(text + "}", "a59", {.max_written_bytes = 100'000});
  BOOST_TEST(e.unresolved > 0U);
  BOOST_TEST(e.first_unresolved.find("this would be too large with it") != std::string::npos);
  std::string out;
  BOOST_TEST(write_json_within(e.value, 200'000, out));
}

BOOST_AUTO_TEST_CASE(references_in_place_add_up_to_the_limit_of_size) {
  std::string text = "{'a': '" + std::string(1000, 'x') + "', 'b': [{'$ref': '/a'}";
  for (int i = 0; i < 99; ++i)
    text += ",{'$ref': '/a'}";
  BOOST_TEST(filled(text + "]}", "b", {.max_written_bytes = 50'000}).unresolved == 51U);
  BOOST_TEST(filled(text + "]}", "b").unresolved == 0U);
}

BOOST_AUTO_TEST_CASE(references_that_take_too_much_work_end_at_the_limit_of_steps) {
  std::string text = "{'a0': {}";
  for (int i = 1; i < 2000; ++i)
    text += ", 'a" + std::to_string(i) + "': {'$base': '/a" + std::to_string(i - 1) + "', 'set': {'/k': 1}}";
  text += ", 'b': [{'$ref': '/a1999/none'}";
  for (int i = 0; i < 2000; ++i)
    text += ",{'$ref': '/a1999/none'}";
  const Expansion e = filled(text + "]}", "b", {.max_steps = 100'000});
  BOOST_TEST(e.unresolved == 2001U);
  BOOST_TEST(to_json(e.value).find("too much work") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(values_that_nest_through_references_end_at_the_limit_of_depth) {
  std::string text = "{'a0': 1";
  for (int i = 1; i < 5000; ++i)
    text += ", 'a" + std::to_string(i) + "': [{'$ref': '/a" + std::to_string(i - 1) + "'}]";
  const Expansion e = filled(text + "}", "a4999");
  BOOST_TEST(e.unresolved > 0U);
  BOOST_TEST(e.value.depth() <= 620U);
}

BOOST_AUTO_TEST_CASE(pointers_that_lead_through_pointers_for_ever_end) {
  std::string text = "{'a0': {'x': 1}";
  for (int i = 1; i < 5000; ++i)
    text += ", 'a" + std::to_string(i) + "': {'$ref': '/b" + std::to_string(i) + "/y'}, 'b" + std::to_string(i) +
            "': {'$ref': '/a" + std::to_string(i - 1) + "/x'}";
  BOOST_TEST(filled(text + "}", "a4999").unresolved == 1U);
}

BOOST_AUTO_TEST_CASE(every_snapshot_of_a_run_written_in_full_reads_as_it_was) {
  for (std::uint32_t seed = 0; seed < 20; ++seed)
    check_run(RandomRun(seed, 20, RandomRun::Mode::kFull));
}

BOOST_AUTO_TEST_CASE(every_snapshot_of_a_run_written_as_changes_reads_as_it_was) {
  for (std::uint32_t seed = 0; seed < 100; ++seed)
    check_run(RandomRun(seed, 40, RandomRun::Mode::kDelta));
}

BOOST_AUTO_TEST_CASE(the_last_of_ten_thousand_events_is_filled_in_and_so_is_the_one_before) {
  const RandomRun run(1, 10'000, RandomRun::Mode::kDelta);
  Result<TraceDocument> document = TraceDocument::read(trace_fixture::file_of(run.events), "t.json");
  BOOST_REQUIRE(document.ok());
  for (const std::size_t i : {9'999U, 9'998U, 0U, 5'000U}) {
    const Expansion e = document->expand(document->events()[i]);
    BOOST_TEST(e.unresolved == 0U);
    BOOST_TEST(trace_fixture::same(*e.value.find("shared_after"), run.after[i]));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
