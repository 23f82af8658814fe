#include "core/trace/trace_places.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_pointer.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(trace_places)

std::string pointer_of(const TracePlaces& places, const Value& v) {
  const TracePlace* place = places.find(v);
  return place == nullptr ? "nowhere" : place->pointer;
}

TracePlace at(std::string_view pointer) {
  return {std::string(pointer), 300, 300, true, {}};
}

BOOST_AUTO_TEST_CASE(a_value_is_found_by_identity_and_not_by_content) {
  TracePlaces places;
  const Value v = json(R"({"a":[1]})");
  places.hold(v, at("/x"));
  BOOST_TEST(pointer_of(places, v) == "/x");
  BOOST_TEST(pointer_of(places, json(R"({"a":[1]})")) == "nowhere");
  BOOST_TEST(pointer_of(places, *v.find("a")) == "nowhere");
}

BOOST_AUTO_TEST_CASE(scalars_and_empty_values_have_no_place) {
  TracePlaces places;
  for (const std::string_view text : {"1", "true", "null", "\"\"", "[]", "{}"}) {
    const Value v = json(text);
    places.hold(v, at("/x"));
    BOOST_TEST(pointer_of(places, v) == "nowhere", text);
    places.release(v);
  }
  places.end_event();
  BOOST_TEST(places.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_value_has_its_first_place_as_long_as_anybody_holds_it) {
  TracePlaces places;
  const Value v = Value::string("text");
  places.hold(v, at("/first"));
  places.hold(v, at("/second"));
  places.release(v);
  places.end_event();
  BOOST_TEST(pointer_of(places, v) == "/first");
  places.release(v);
  BOOST_TEST(pointer_of(places, v) == "/first");  // until the event ends
  places.end_event();
  BOOST_TEST(pointer_of(places, v) == "nowhere");
  BOOST_TEST(places.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_value_that_is_held_for_one_event_is_gone_after_it) {
  TracePlaces places;
  const Value v = Value::string("text");
  places.hold_for_event(v, at("/x"));
  BOOST_TEST(pointer_of(places, v) == "/x");
  places.end_event();
  BOOST_TEST(pointer_of(places, v) == "nowhere");
  BOOST_TEST(places.size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_equal_value_takes_over_the_place) {
  TracePlaces places;
  const Value old = Value::string("text");
  const Value now = Value::string("text");
  places.hold(old, at("/x"));
  places.hold_instead(now, old);
  places.end_event();
  BOOST_TEST(pointer_of(places, now) == "/x");
  BOOST_TEST(pointer_of(places, old) == "nowhere");
}

BOOST_AUTO_TEST_CASE(secrets_are_known_while_they_are_held) {
  TracePlaces places;
  const Value v = Value::string("text");
  BOOST_TEST(!places.knows_secrets());
  places.hold(v, {{}, 0, 0, true, "token"});
  BOOST_TEST(places.knows_secrets());
  places.release(v);
  places.end_event();
  BOOST_TEST(!places.knows_secrets());
}

BOOST_AUTO_TEST_CASE(a_step_escapes_tilde_and_slash_and_is_never_shortened) {
  std::string pointer = "/nodes";
  append_whole_step("a/b~c", pointer);
  BOOST_TEST(pointer == "/nodes/a~1b~0c");
  append_whole_step(std::string(1000, 'x'), pointer);
  BOOST_TEST(pointer.size() == 1015u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
