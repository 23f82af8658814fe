#include "host/services/http/head_reader.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

HeadReader read(std::initializer_list<std::string_view> lines) {
  HeadReader head;
  for (const std::string_view line : lines)
    static_cast<void>(head.take(line));
  return head;
}

BOOST_AUTO_TEST_SUITE(head_reader)

BOOST_AUTO_TEST_CASE(a_head_is_complete_with_its_empty_line) {
  HeadReader head;
  BOOST_TEST((head.take("HTTP/1.1 204 No Content\r\n") == HeadReader::Line::kMore));
  BOOST_TEST((head.take("A:b\r\n") == HeadReader::Line::kMore));
  BOOST_TEST(!head.complete());
  BOOST_TEST((head.take("\r\n") == HeadReader::Line::kComplete));
  BOOST_TEST(head.complete());
  BOOST_TEST(head.status() == 204);
  BOOST_TEST(head.header("a").value_or("") == "b");
}

BOOST_AUTO_TEST_CASE(heads_that_only_inform_are_passed_over) {
  HeadReader head =
      read({"HTTP/1.1 100 Continue\r\n", "X: 1\r\n", "\r\n", "HTTP/1.1 103 Hints\r\n", "X: 2\r\n", "\r\n"});
  BOOST_TEST(head.status() == 0);
  BOOST_TEST(!head.complete());
  static_cast<void>(head.take("HTTP/2 200\r\n"));
  BOOST_TEST((head.take("\r\n") == HeadReader::Line::kComplete));
  BOOST_TEST(head.status() == 200);
  BOOST_TEST(!head.header("x"));
}

BOOST_AUTO_TEST_CASE(names_keep_their_case_and_values_lose_their_edges) {
  HeadReader head = read({"HTTP/1.1 200 OK\r\n", "X-One:  a  b \t\r\n", "EMPTY:\r\n", "no colon\r\n", "\r\n"});
  BOOST_REQUIRE(head.headers().size() == 2U);
  const pflow_header& one = head.headers()[0];
  BOOST_TEST(std::string_view(one.name.ptr, one.name.len) == "X-One");
  BOOST_TEST(std::string_view(one.value.ptr, one.value.len) == "a  b");
  BOOST_TEST(head.header("empty").value_or("none") == "");
}

BOOST_AUTO_TEST_CASE(a_folded_value_is_put_together) {
  HeadReader head = read({"HTTP/1.1 200 OK\r\n", "A: b\r\n", "  c\r\n", "D: e\r\n", "\r\n"});
  BOOST_TEST(head.header("a").value_or("") == "b c");
  BOOST_TEST(head.header("d").value_or("") == "e");
}

BOOST_AUTO_TEST_CASE(trailers_are_left_out) {
  HeadReader head = read({"HTTP/1.1 200 OK\r\n", "\r\n", "Trailer: x\r\n", "\r\n"});
  BOOST_TEST(head.headers().empty());
}

BOOST_AUTO_TEST_CASE(a_head_has_a_largest_size) {
  HeadReader head = read({"HTTP/1.1 200 OK\r\n"});
  const std::string line = "X: " + std::string(1021, 'x') + "\r\n";
  std::size_t lines = 0;
  while (head.take(line) == HeadReader::Line::kMore && lines < 1000)
    ++lines;
  BOOST_TEST(lines == 256U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
