#include "charset.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::fetch {

BOOST_AUTO_TEST_SUITE(charset)

BOOST_AUTO_TEST_CASE(utf_8_is_told_from_what_is_not) {
  for (const char* text :
       {"", "abc", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xEF\xBB\xBF"})
    BOOST_TEST(is_utf8(text), text);
  const char* const wrong[] = {
      "\x80",  "\xC3",     "\xC0\xAF",         "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80",
      "a\xFF", "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xC3(",        "\xE2\x82("};
  for (const char* text : wrong)
    BOOST_TEST(!is_utf8(text), text);
}

BOOST_AUTO_TEST_CASE(each_byte_of_windows_1252_is_a_character) {
  BOOST_TEST(from_windows_1252("a\xE4\x80\x9F\xFF") == "a\xC3\xA4\xE2\x82\xAC\xC5\xB8\xC3\xBF");
  BOOST_TEST(from_windows_1252("\x81\x8D\xA0") == "\xC2\x81\xC2\x8D\xC2\xA0");
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  BOOST_TEST(is_utf8(from_windows_1252(all)));
}

BOOST_AUTO_TEST_CASE(its_names_are_those_of_latin_1_and_ascii_too) {
  for (const char* name : {"windows-1252", "iso-8859-1", "latin1", "cp1252", "us-ascii", "ascii"})
    BOOST_TEST(is_windows_1252(name), name);
  for (const char* name : {"", "utf-8", "iso-8859-15", "windows-1251", "ascii-8"})
    BOOST_TEST(!is_windows_1252(name), name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::fetch
