#include "host/cli/streamed_text.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

BOOST_AUTO_TEST_SUITE(streamed_text)

struct Stream {
  Stream() { redactor.add("key", Value::string("sk-0123456789")); }

  std::string add(std::string_view piece) { return text.add(this, piece); }

  Redactor redactor;
  StreamedText text{redactor};
  int other = 0;
};

BOOST_AUTO_TEST_CASE(a_secret_that_is_split_anywhere_does_not_show) {
  const std::string_view all = "the key sk-0123456789, and c2stMDEyMzQ1Njc4OQ==.";
  for (std::size_t first = 0; first <= all.size(); ++first) {
    for (std::size_t second = first; second <= all.size(); ++second) {
      Stream s;
      std::string shown = s.add(all.substr(0, first));
      shown += s.add(all.substr(first, second - first));
      shown += s.add(all.substr(second));
      shown += s.text.end(&s);
      BOOST_TEST_REQUIRE(shown == "the key <redacted:key>, and <redacted:key>Q==.");
    }
  }
}

BOOST_AUTO_TEST_CASE(text_that_cannot_begin_a_secret_is_shown_at_once) {
  Stream s;
  BOOST_TEST(s.add("ordinary ") == "ordinary ");
  BOOST_TEST(s.add("work") == "work");
  BOOST_TEST(s.add("a disk-") == "a di");
  BOOST_TEST(s.add("drive") == "sk-drive");
  BOOST_TEST(s.text.end(&s) == "");
}

BOOST_AUTO_TEST_CASE(what_waits_is_shown_at_the_end_unless_it_is_the_best_part_of_a_secret) {
  Stream s;
  BOOST_TEST(s.add("a sk-01") == "a ");
  BOOST_TEST(s.text.end(&s) == "sk-01");
  BOOST_TEST(s.text.end(&s) == "");
  BOOST_TEST(s.add("a sk-012345") == "a ");
  BOOST_TEST(s.text.end_all() == "<redacted:key>");
  BOOST_TEST(s.text.end_all() == "");
}

BOOST_AUTO_TEST_CASE(sources_that_take_turns_do_not_break_each_others_secrets) {
  Stream s;
  BOOST_TEST(s.add("sk-012") == "");
  BOOST_TEST(s.text.add(&s.other, "sk-0") == "");
  BOOST_TEST(s.text.add(&s.other, "123456789;") == "<redacted:key>;");
  BOOST_TEST(s.add("3456789;") == "<redacted:key>;");
}

BOOST_AUTO_TEST_CASE(a_secret_that_becomes_known_while_text_waits_is_taken_out) {
  Stream s;
  BOOST_TEST(s.add("sk-0") == "");
  s.redactor.add("other", Value::string("-0abcdef"));
  BOOST_TEST(s.add("abcdef ") == "sk<redacted:other> ");
}

BOOST_AUTO_TEST_CASE(text_that_is_nothing_but_beginnings_does_not_wait_for_ever) {
  Redactor redactor;
  redactor.add("key", Value::string("aaaaaaaa"));
  StreamedText text(redactor);
  std::string shown;
  for (int i = 0; i < 1000; ++i)
    shown += text.add(&text, std::string(1000, 'a'));
  BOOST_TEST(!shown.empty());
  shown += text.end_all();
  BOOST_TEST(shown.find('a') == shown.find("acted"));
  BOOST_TEST(shown.size() < 1000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
