#include "core/base/redactor.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"

namespace pflow::host {
namespace {

BOOST_AUTO_TEST_SUITE(redactor)

BOOST_AUTO_TEST_CASE(a_secret_becomes_its_name_wherever_it_stands) {
  Redactor r;
  r.add("key", Value::string("hunter2"));
  BOOST_TEST(r.redact("hunter2 and xhunter2x") == "<redacted:key> and x<redacted:key>x");
  BOOST_TEST(r.redact("nothing here") == "nothing here");
}

BOOST_AUTO_TEST_CASE(a_secret_is_found_as_it_stands_in_json) {
  Redactor r;
  r.add("key", Value::string("a\"b\nc\\d"));
  BOOST_TEST(r.redact(R"({"k":"a\"b\nc\\d"})") == R"({"k":"<redacted:key>"})");
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_part_of_another_does_not_leave_the_rest_of_it) {
  Redactor r;
  r.add("short", Value::string("pass"));
  r.add("long", Value::string("password-1"));
  BOOST_TEST(r.redact("password-1 pass") == "<redacted:long> <redacted:short>");
}

BOOST_AUTO_TEST_CASE(texts_inside_objects_and_arrays_and_numbers_are_secret_too) {
  Redactor r;
  r.add("login", *read_json(R"({"user": "alice", "pins": ["0000x", 123456, true]})", "t"));
  BOOST_TEST(r.redact("alice 0000x 123456 true") == "<redacted:login> <redacted:login> <redacted:login> true");
}

BOOST_AUTO_TEST_CASE(a_secret_of_three_bytes_is_left_alone) {
  Redactor r;
  r.add("pin", Value::string("123"));
  BOOST_TEST(r.empty());
}

BOOST_AUTO_TEST_CASE(every_text_of_a_problem_is_searched) {
  Redactor r;
  r.add("key", Value::string("hunter2"));
  Error e;
  e.message = "m hunter2";
  e.where = "w hunter2";
  e.hint = "h hunter2";
  Problems problems{e};
  r.redact(problems);
  BOOST_TEST(problems.front().message == "m <redacted:key>");
  BOOST_TEST(problems.front().where == "w <redacted:key>");
  BOOST_TEST(problems.front().hint == "h <redacted:key>");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
