#include "core/trace/trace_repair.hpp"

#include <boost/test/unit_test.hpp>

#include "core/trace/trace_document.hpp"
#include "tests/core/trace/trace_fixture.hpp"

namespace pflow {
namespace {

using trace_fixture::event;
using trace_fixture::file_of;
using trace_fixture::kHead;

TraceRepair mended(std::string_view text) {
  Result<TraceRepair> repair = repair_trace(text, "t.json");
  if (!repair) throw std::runtime_error(repair.error().message);
  return std::move(repair).value();
}

std::string refusal(std::string_view text) {
  const Result<TraceRepair> repair = repair_trace(text, "t.json");
  return repair.ok() ? "mended" : std::string(repair.error().code_text()) + ": " + repair.error().message;
}

// The list of a mended file, and that it is a trace.
std::vector<std::string> list_of(const TraceRepair& repair) {
  const Result<TraceDocument> document = TraceDocument::read(repair.text, "mended.json");
  if (!document) throw std::runtime_error(document.error().message + " in " + repair.text);
  std::vector<std::string> list;
  for (const Value& v : document->events())
    list.push_back(to_json(v));
  return list;
}

// How many events end before `offset`.
std::size_t finished(const std::string& text, const std::vector<std::string>& events, std::size_t offset) {
  std::size_t n = 0;
  std::size_t at = 0;
  for (const std::string& e : events) {
    at = text.find(e, at) + e.size();
    if (at <= offset) ++n;
  }
  return n;
}

BOOST_AUTO_TEST_SUITE(trace_repair)

BOOST_AUTO_TEST_CASE(a_valid_trace_is_left_alone) {
  for (const std::string_view end : {trace_fixture::kTail, trace_fixture::kOpenEnd}) {
    const TraceRepair repair = mended(file_of({event(1, "a")}, end));
    BOOST_TEST(!repair.changed);
    BOOST_TEST(repair.events == 1U);
  }
}

BOOST_AUTO_TEST_CASE(wherever_a_file_is_torn_every_finished_event_is_kept) {
  for (const auto mode : {trace_fixture::RandomRun::Mode::kFull, trace_fixture::RandomRun::Mode::kDelta}) {
    const trace_fixture::RandomRun run(3, 4, mode);
    const std::string text = file_of(run.events);
    const std::size_t told = text.find(",\"kind\"");  // from here on the file says what it is
    for (std::size_t cut = 0; cut + 1 < text.size(); ++cut) {
      BOOST_TEST_CONTEXT("cut at " << cut << ": ..." << text.substr(cut < 60 ? 0 : cut - 60, cut < 60 ? cut : 60)) {
        const std::string_view torn = std::string_view(text).substr(0, cut);
        if (cut < told) {
          BOOST_TEST(!repair_trace(torn, "t.json").ok());
          continue;
        }
        Result<TraceRepair> repair = repair_trace(torn, "t.json");
        BOOST_REQUIRE(repair.ok());
        if (!repair->changed) {  // only the last line feed is missing
          BOOST_TEST(cut + 1 >= text.size() - 1);
          continue;
        }
        const std::vector<std::string> list = list_of(*repair);
        const std::size_t whole = finished(text, run.events, cut);
        BOOST_TEST(list == std::vector<std::string>(run.events.begin(),
                                                    run.events.begin() + static_cast<std::ptrdiff_t>(whole)),
                   boost::test_tools::per_element());
        BOOST_TEST(repair->events == whole);
        BOOST_TEST(!mended(repair->text).changed);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_the_end_would_have_said_is_counted_from_the_events) {
  const std::string llm =
      R"(,"llm_call":{"usage":{"input_tokens":100,"output_tokens":20},"model":"m","cost_usd":0.25,"cost_basis":"list"})";
  std::string failed = event(2, "b");
  failed.replace(failed.find("true"), 4, "false");
  const std::string text = file_of({event(1, "a", llm), failed, event(3, "a", llm)});
  const TraceRepair repair = mended(std::string_view(text).substr(0, text.find("],\"end_time\"")));
  BOOST_TEST(repair.events == 3U);
  BOOST_TEST(repair.lost == 0U);
  const std::string end = repair.text.substr(repair.text.rfind("\n]"));
  BOOST_TEST(end ==
             "\n],\"end_time\":null,\"duration_ms\":25.5,\"final_status\":\"unknown\",\"nodes_executed\":2,"
             "\"nodes_failed\":1,\"llm_summary\":{\"calls\":2,\"cost_usd\":0.5,\"cost_incomplete\":false,"
             "\"input_tokens\":200,\"output_tokens\":40,\"total_tokens\":240,\"models\":[\"m\"]},\"redactions\":null,"
             "\"truncations\":null}\n");
}

BOOST_AUTO_TEST_CASE(what_of_the_end_was_written_is_kept) {
  const std::string text = file_of({event(1, "a")});
  const TraceRepair repair = mended(std::string_view(text).substr(0, text.find(",\"nodes_executed\"") + 1));
  const Value root = json(repair.text);
  BOOST_TEST(root.find("end_time")->text() == "2026-10-02T14:03:09+02:00");
  BOOST_TEST(root.find("duration_ms")->as_float() == 4000.5);
  BOOST_TEST(root.find("final_status")->text() == "success");
  BOOST_TEST(root.find("nodes_executed")->as_int() == 1);
}

BOOST_AUTO_TEST_CASE(a_number_that_may_be_torn_is_not_believed) {
  const std::string text = file_of({event(1, "a")});
  const TraceRepair repair = mended(std::string_view(text).substr(0, text.find("4000.5") + 2));
  BOOST_TEST(json(repair.text).find("duration_ms")->as_double() == 5.5);
}

BOOST_AUTO_TEST_CASE(an_event_that_was_damaged_in_the_middle_leaves_its_place_and_the_others_stay) {
  const std::vector<std::string> events{event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d")};
  const std::string text = file_of(events);
  const std::size_t begin = text.find(events[1]);
  for (std::size_t at = begin; at < begin + events[1].size(); ++at) {
    for (const char bad : {'\0', '"', '{', ']', '\\'}) {
      std::string damaged = text;
      damaged[at] = bad;
      Result<TraceRepair> repair = repair_trace(damaged, "t.json");
      BOOST_REQUIRE(repair.ok());
      if (!repair->changed) continue;  // still JSON
      BOOST_TEST_CONTEXT("at " << at - begin << ": " << damaged.substr(begin, events[1].size())) {
        const std::vector<std::string> list = list_of(*repair);
        BOOST_REQUIRE(list.size() == 4U);
        BOOST_TEST(list[0] == events[0]);
        BOOST_TEST(list[1] == R"({"seq":2,"unreadable":true})");
        BOOST_TEST(list[2] == events[2]);
        BOOST_TEST(list[3] == events[3]);
        BOOST_TEST(repair->lost == 1U);
        BOOST_TEST(json(repair->text).find("final_status")->text() == "success");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hole_over_several_events_keeps_the_places_of_those_after_it) {
  const std::vector<std::string> events{event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d")};
  std::string text = file_of(events);
  const std::size_t begin = text.find(events[1]) + 5;
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin),
            text.begin() + static_cast<std::ptrdiff_t>(text.find(events[3]) - 30), '\0');
  const std::vector<std::string> list = list_of(mended(text));
  BOOST_REQUIRE(list.size() >= 3U);
  BOOST_TEST(list.front() == events[0]);
  BOOST_TEST(list.back() == events[3]);
}

BOOST_AUTO_TEST_CASE(an_event_that_no_reader_takes_is_lost_alone) {
  const std::string deep = std::string(700, '[') + std::string(700, ']');
  const std::string twice = event(2, "b", R"(,"seq":2)");
  for (const std::string& bad : {event(2, "b", ",\"params\":" + deep), twice, event(2, "b", ",\"x\":1e999")}) {
    const std::vector<std::string> list = list_of(mended(file_of({event(1, "a"), bad, event(3, "c")})));
    BOOST_REQUIRE(list.size() == 3U);
    BOOST_TEST(list[1] == R"({"seq":2,"unreadable":true})");
  }
}

BOOST_AUTO_TEST_CASE(a_trace_that_was_laid_out_again_is_mended_too) {
  std::string text = to_json(json(file_of({event(1, "a"), event(2, "b")})), JsonStyle::kIndented);
  text.resize(text.find("\"b\""));
  BOOST_TEST(list_of(mended(text)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_no_trace_is_refused) {
  BOOST_TEST(refusal("") == "invalid_json: this is no trace: it does not begin as one");
  BOOST_TEST(refusal("text") == "invalid_json: this is no trace: it does not begin as one");
  BOOST_TEST(refusal("{\"format\":\"pflow-tr") == "invalid_json: this is no trace: it does not begin as one");
  BOOST_TEST(refusal("{\"nodes\":[{}") == "invalid_json: this is no trace: it does not begin as one");
  BOOST_TEST(refusal("{\"a\":1,\"nodes\":[{}") ==
             "invalid_value: this is no trace: its \"format\" is not \"pflow-trace\"");
  BOOST_TEST(refusal("{\"a\":1}") == "invalid_value: this is no trace: its \"format\" is not \"pflow-trace\"");
  BOOST_TEST(refusal("{\"format\":\"pflow-trace\",\"format_version\":\"2.0\",\"nodes\":[") ==
             "unsupported: the trace has the format_version \"2.0\"");
  BOOST_TEST(refusal("{\"format\":\"pflow-trace\",\"format_version\":\"1.0\"}") ==
             "wrong_type: the trace has no list of events in \"nodes\"");
}

BOOST_AUTO_TEST_CASE(names_that_come_twice_or_in_disguise_do_not_make_the_mended_file_invalid) {
  const std::string head(kHead.substr(0, kHead.size() - 9));
  const std::string text = head + R"("n\u006fdes":[7],"f\u006frmat":"x","nodes":[{"seq":1,"node_id":"a"}],"kind":1,)"
                                  R"("end\u005ftime":"now","end_time":"later","own":[1],"x":)";
  const Value root = json(mended(text).text);
  BOOST_TEST(root.find("format")->text() == "pflow-trace");
  BOOST_TEST(root.find("kind")->text() == "workflow");
  BOOST_TEST(root.find("end_time")->text() == "now");
  BOOST_TEST(to_json(*root.find("own")) == "[1]");
  BOOST_TEST(root.find("nodes")->size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_follows_a_list_that_lost_its_name_is_not_told_twice) {
  std::string text = file_of({event(1, "a")});
  text[text.find("nodes")] = '\xFF';
  const Value root = json(mended(text).text);
  BOOST_TEST(root.find("end_time")->text() == "2026-10-02T14:03:09+02:00");
  BOOST_TEST(root.find("nodes")->size() == 0U);
}

BOOST_AUTO_TEST_CASE(lines_that_look_like_events_do_not_make_repair_slow) {
  std::string text(kHead);
  while (text.size() < 2'000'000)
    text += "\n{\"a\":[";
  BOOST_TEST(mended(text).events == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
