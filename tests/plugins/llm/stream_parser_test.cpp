#include "stream_parser.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::llm {
namespace {

// "name|data;" of every event, when the stream comes in pieces of `size` bytes.
std::string events(Framing framing, std::string_view stream, std::size_t size) {
  std::string out;
  const auto parser = make_parser(framing);
  const StreamParser::Sink sink = [&](std::string_view name, std::string_view data) {
    out.append(name).append("|").append(data).append(";");
  };
  for (std::size_t at = 0; at < stream.size(); at += size)
    BOOST_REQUIRE(parser->feed(stream.substr(at, size), sink));
  parser->finish(sink);
  return out;
}

void expect(Framing framing, std::string_view stream, std::string_view expected) {
  for (std::size_t size = 1; size <= stream.size(); ++size)
    BOOST_TEST(events(framing, stream, size) == expected, "in pieces of " << size);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_parser)

BOOST_AUTO_TEST_CASE(events_end_with_a_blank_line_however_the_bytes_are_split) {
  expect(Framing::kSse, "event: a\ndata: 1\n\ndata:2\n\n", "a|1;|2;");
}

BOOST_AUTO_TEST_CASE(lines_may_end_with_lf_cr_or_both) {
  expect(Framing::kSse, "event: a\r\ndata: 1\r\n\r\ndata: 2\r\rdata: 3\n\n", "a|1;|2;|3;");
}

BOOST_AUTO_TEST_CASE(comments_unknown_fields_and_events_without_data_are_passed_over) {
  expect(Framing::kSse, ": ping\n\nid: 7\nretry: 10\n\nevent: ping\n\n:\ndata: x\nfoo\n\n", "|x;");
}

BOOST_AUTO_TEST_CASE(several_lines_of_data_are_joined) {
  expect(Framing::kSse, "data: {\ndata:  \"a\": 1\ndata\ndata: }\n\n", "|{\n \"a\": 1\n\n};");
}

BOOST_AUTO_TEST_CASE(events_whose_data_is_empty_are_passed_over) {
  expect(Framing::kSse, "data\n\ndata:\n\nevent: a\ndata: \ndata:\n\ndata: x\n\n", "|x;");
}

BOOST_AUTO_TEST_CASE(characters_may_be_split_between_pieces) {
  expect(Framing::kSse, "data: \xC3\xA4\xF0\x9F\x8C\x8A\n\n", "|\xC3\xA4\xF0\x9F\x8C\x8A;");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_no_part_of_the_first_field) {
  expect(Framing::kSse,
         "\xEF\xBB\xBF"
         "data: 1\n\n",
         "|1;");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_stream_ends_an_event_too) {
  expect(Framing::kSse, "data: 1\n\ndata: 2", "|1;|2;");
}

BOOST_AUTO_TEST_CASE(ndjson_gives_its_lines) {
  expect(Framing::kNdjson, "{\"a\":1}\n\r\n  \n{\"b\":2}\r\n{\"c\":3}", "|{\"a\":1};|{\"b\":2}\r;|{\"c\":3};");
}

BOOST_AUTO_TEST_CASE(an_event_that_never_ends_is_not_collected_for_ever) {
  const std::string piece(std::size_t{1} << 20, 'x');
  for (const Framing framing : {Framing::kSse, Framing::kNdjson}) {
    const auto parser = make_parser(framing);
    const StreamParser::Sink none = [](std::string_view, std::string_view) {};
    std::size_t taken = 0;
    while (taken <= StreamParser::kMaxEventBytes && parser->feed(piece, none))
      taken += piece.size();
    BOOST_TEST(taken == StreamParser::kMaxEventBytes);
  }
}

BOOST_AUTO_TEST_CASE(many_lines_of_data_count_together) {
  const std::string line = "data: " + std::string(std::size_t{1} << 20, 'x') + "\n";
  SseParser parser;
  const StreamParser::Sink none = [](std::string_view, std::string_view) {};
  std::size_t lines = 0;
  while (lines < 64 && parser.feed(line, none))
    ++lines;
  BOOST_TEST(lines == 31);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
