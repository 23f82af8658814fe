#include "core/base/secret_index.hpp"

#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(secret_index)

// The text with each place that was found as [OWNER].
std::string marked(const SecretIndex& index, std::string_view text) {
  std::string out;
  std::size_t clean = 0;
  SecretSearch search(index, text);
  while (const auto place = search.next()) {
    out += text.substr(clean, place->begin - clean);
    out += "[" + std::to_string(place->owner) + "]";
    clean = place->end;
  }
  out += text.substr(clean);
  return out;
}

SecretIndex index_of(const std::vector<std::string>& forms) {
  SecretIndex index;
  for (std::uint32_t i = 0; i < forms.size(); ++i)
    index.add(forms[i], i);
  return index;
}

BOOST_AUTO_TEST_CASE(finds_exactly_what_a_search_for_each_form_finds) {
  std::mt19937 random(7);  // NOLINT: the same texts each time
  const auto text_of = [&](std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
      text += static_cast<char>('a' + random() % 2);
    return text;
  };
  std::size_t places = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> forms;
    for (std::size_t i = 0; i <= random() % 6; ++i)
      forms.push_back(text_of(4 + random() % 8));
    const std::string text = text_of(random() % 60) + "|";  // no form is cut at its end
    std::vector<bool> secret(text.size() + 1, false);
    for (const std::string& form : forms) {
      for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at + 1)) {
        for (std::size_t i = at; i < at + form.size(); ++i)
          secret[i] = true;
      }
    }
    std::vector<bool> found(text.size() + 1, false);
    const SecretIndex index = index_of(forms);
    SecretSearch search(index, text);
    std::size_t last = 0;
    while (const auto place = search.next()) {
      BOOST_REQUIRE(place->begin >= last);
      last = place->end;
      ++places;
      for (std::size_t i = place->begin; i < place->end; ++i)
        found[i] = true;
    }
    BOOST_TEST_REQUIRE(found == secret, text);
  }
  BOOST_TEST(places > 1000);
}

BOOST_AUTO_TEST_CASE(forms_that_overlap_are_one_place_of_the_longest) {
  const SecretIndex index = index_of({"abcdefgh", "efghijklmnop", "klmn"});
  BOOST_TEST(marked(index, "1 abcdefghijklmnop 2 abcdefgh 3 klmn abcdefghklmn") == "1 [1] 2 [0] 3 [2] [0][2]");
}

BOOST_AUTO_TEST_CASE(a_form_is_found_at_every_place_of_a_text_and_at_its_ends) {
  for (const std::string form : {"abcd", "abcdefg", "abcdefgh", "abcdefghijklmnopqrstuvwxyz"}) {
    const SecretIndex index = index_of({form});
    for (std::size_t before = 0; before < 12; ++before) {
      for (std::size_t after = 0; after < 6; ++after) {
        const std::string left(before, '-');
        const std::string right(after, '-');
        BOOST_TEST(marked(index, left + form + right) == left + "[0]" + right);
      }
    }
    BOOST_TEST(marked(index, "") == "");
    BOOST_TEST(marked(index, "abc") == "abc");
  }
}

BOOST_AUTO_TEST_CASE(a_form_that_was_cut_off_is_found_by_its_first_eight_bytes) {
  const SecretIndex index = index_of({"abcdefghijklmnop"});
  BOOST_TEST(marked(index, "x abcdefgh") == "x [0]");
  BOOST_TEST(marked(index, "x abcdefghijkl... (99 bytes)") == "x [0]... (99 bytes)");
  BOOST_TEST(marked(index, "x abcdefg") == "x abcdefg");
  BOOST_TEST(marked(index, "x abcdefghijkl.. ") == "x abcdefghijkl.. ");
}

BOOST_AUTO_TEST_CASE(a_place_begins_before_the_escape_that_it_is_inside_of) {
  const SecretIndex index = index_of({"nabcdefgh", "1fxyz"});
  BOOST_TEST(marked(index, R"("a\nabcdefgh")") == R"("a[0]")");
  BOOST_TEST(marked(index, R"("a\\nabcdefgh")") == R"("a\\[0]")");
  BOOST_TEST(marked(index, R"("\u001fxyz \u01fxyz")") == R"("[1] [1]")");
  BOOST_TEST(marked(index, R"("\\u001fxyz")") == R"("\\u00[1]")");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_take_whole_characters_with_them) {
  const SecretIndex index = index_of({"\xa9 \xc3\xa9 \xc3"});
  BOOST_TEST(marked(index, "<é é é>") == "<[0]>");
}

BOOST_AUTO_TEST_CASE(the_open_end_is_the_longest_beginning_of_a_form) {
  const SecretIndex index = index_of({"abcd", "cdefghijkl"});
  BOOST_TEST(index.open_end("xyz") == 0U);
  BOOST_TEST(index.open_end("a") == 1U);
  BOOST_TEST(index.open_end("xab") == 2U);
  BOOST_TEST(index.open_end("xabcd") == 2U);  // "abcd" is whole, "cd" begins another
  BOOST_TEST(index.open_end("xabcdefghijk") == 9U);
  BOOST_TEST(index.open_end("xabcdefghijkl") == 0U);
  BOOST_TEST(index.open_end("") == 0U);
  BOOST_TEST(SecretIndex().open_end("abc") == 0U);
}

BOOST_AUTO_TEST_CASE(thousands_of_forms_are_told_apart) {
  std::vector<std::string> forms;
  for (int i = 0; i < 5000; ++i)
    forms.push_back("key-" + std::to_string(100000 + i * 7));
  const SecretIndex index = index_of(forms);
  for (const std::size_t i : {0U, 1U, 2500U, 4999U})
    BOOST_TEST(marked(index, "(" + forms[i] + ")") == "([" + std::to_string(i) + "])");
  BOOST_TEST(marked(index, "(key-100001)") == "(key-100001)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
