#include "core/trace/trace_document.hpp"

#include <boost/test/unit_test.hpp>

#include "core/trace/trace_event.hpp"
#include "tests/core/trace/trace_fixture.hpp"

namespace pflow {
namespace {

using trace_fixture::event;
using trace_fixture::file_of;

std::string refusal(std::string_view text) {
  const Result<TraceDocument> document = TraceDocument::read(text, "t.json");
  if (document.ok()) return "read";
  const Error& e = document.error();
  return std::string(e.code_text()) + ": " + e.message + " (" + e.where + ") " + e.hint;
}

BOOST_AUTO_TEST_SUITE(trace_document)

BOOST_AUTO_TEST_CASE(the_root_s_facts_are_read) {
  Result<TraceDocument> document = TraceDocument::read(file_of({event(1, "a"), event(2, "b")}), "t.json");
  BOOST_REQUIRE(document.ok());
  const TraceFacts f = document->facts();
  BOOST_TEST(f.kind == "workflow");
  BOOST_TEST(f.execution_id == "0b8f0e0c-5c1e-4f0e-9a51-2d1f0c7d9d11");
  BOOST_TEST(f.workflow_id == "news");
  BOOST_TEST(f.workflow_name == "News");
  BOOST_TEST(f.start_time == "2026-10-02T14:03:05+02:00");
  BOOST_TEST(f.end_time == "2026-10-02T14:03:09+02:00");
  BOOST_TEST(f.final_status == "success");
  BOOST_TEST(f.duration_ms.value() == 4000.5);
  BOOST_TEST(f.nodes_executed.value() == 2U);
  BOOST_TEST(f.nodes_failed.value() == 0U);
  BOOST_TEST(f.calls.value() == 1U);
  BOOST_TEST(f.input_tokens.value() == 4000U);
  BOOST_TEST(f.output_tokens.value() == 500U);
  BOOST_TEST(f.total_tokens.value() == 4500U);
  BOOST_TEST(f.cost_usd.value() == 0.0127);
  BOOST_TEST(!f.cost_incomplete);
  BOOST_TEST(f.ended);
  BOOST_TEST(document->events().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_run_that_has_not_ended_reads_too) {
  Result<TraceDocument> document = TraceDocument::read(file_of({event(1, "a")}, trace_fixture::kOpenEnd), "t.json");
  BOOST_REQUIRE(document.ok());
  BOOST_TEST(!document->facts().ended);
  BOOST_TEST(!document->facts().duration_ms.has_value());
  BOOST_TEST(document->events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(facts_of_wrong_types_are_taken_for_absent) {
  const Value root = json(R"({"duration_ms": "long", "nodes_executed": -1, "nodes_failed": 1.5, "workflow_name": 7,
                              "llm_summary": [1], "end_time": null})");
  const TraceFacts f(root);
  BOOST_TEST(!f.duration_ms.has_value());
  BOOST_TEST(!f.nodes_executed.has_value());
  BOOST_TEST(!f.nodes_failed.has_value());
  BOOST_TEST(f.workflow_name == "");
  BOOST_TEST(!f.calls.has_value());
  BOOST_TEST(!f.ended);
}

BOOST_AUTO_TEST_CASE(what_is_no_trace_is_refused_with_a_way_out) {
  BOOST_TEST(refusal(R"({"format":"other"})") ==
             "invalid_value: this is no trace: its \"format\" is not \"pflow-trace\" (t.json) "
             "Traces are written by pflow-host run WORKFLOW --trace.");
  BOOST_TEST(refusal("[1]") == refusal(R"({"format":"other"})"));
  BOOST_TEST(refusal("7") == refusal(R"({"format":"other"})"));
  BOOST_TEST(refusal(R"({"format":"pflow-trace","format_version":"2.0.0","nodes":[]})") ==
             "unsupported: the trace has the format_version \"2.0.0\" (t.json) This program reads 1.x; a newer one may "
             "read it.");
  BOOST_TEST(refusal(R"({"format":"pflow-trace","format_version":"1.9.0","nodes":{}})") ==
             "wrong_type: the trace has no list of events in \"nodes\" (t.json) ");
}

BOOST_AUTO_TEST_CASE(a_torn_file_is_refused_with_a_hint_to_repair_it) {
  BOOST_TEST(refusal(R"({"format":"pflow-trace","nodes":[{)") ==
             "invalid_json: the JSON ends too early: a string, object or array is not closed (t.json:1:35) "
             "If this is the trace of a run that was killed: pflow-host trace repair t.json");
  BOOST_TEST(refusal("") ==
             "invalid_json: there is no JSON here: the text is empty (t.json) "
             "If this is the trace of a run that was killed: pflow-host trace repair t.json");
}

BOOST_AUTO_TEST_CASE(nesting_is_read_to_the_depth_that_values_have_and_no_further) {
  const auto nested = [](std::size_t depth) {
    return file_of({event(1, "a", ",\"params\":" + std::string(depth, '[') + std::string(depth, ']'))});
  };
  BOOST_TEST(refusal(nested(512)) == "read");
  BOOST_TEST(refusal(nested(5000)).starts_with("too_deep: the JSON is nested more than 600 levels deep (t.json:2:"));
}

BOOST_AUTO_TEST_CASE(an_event_s_facts_are_read_through_references) {
  Result<TraceDocument> document = TraceDocument::read(
      file_of(
          {R"({"seq":1,"node_id":"a","node_type":"llm","start_ms":1.5,"duration_ms":2,"success":false,"action":"error",)"
           R"("error":{"code":"timeout","message":"slow"},"attempt":3,"visit":2,"batch_index":4,"parent":9,)"
           R"("llm_call":{"usage":{"input_tokens":10,"output_tokens":2},"cost_usd":0.000000001,"model":"m"}})",
           R"({"seq":2,"node_id":"b","error":{"$ref":"/nodes/0/error"},"llm_call":{"$ref":"/nodes/0/llm_call"}})",
           R"({"seq":3,"unreadable":true})", "null"}),
      "t.json");
  BOOST_REQUIRE(document.ok());
  const std::vector<TraceEvent> events = events_of(*document);
  BOOST_REQUIRE(events.size() == 4U);
  const TraceEvent& a = events[0];
  BOOST_TEST(a.readable);
  BOOST_TEST(a.seq.value() == 1U);
  BOOST_TEST(a.node_id == "a");
  BOOST_TEST(a.node_type == "llm");
  BOOST_TEST(a.start_ms.value() == 1.5);
  BOOST_TEST(a.duration_ms.value() == 2.0);
  BOOST_TEST(!a.success);
  BOOST_TEST(a.action == "error");
  BOOST_TEST(a.attempt == 3U);
  BOOST_TEST(a.visit == 2U);
  BOOST_TEST(a.batch_index.value() == 4U);
  BOOST_TEST(a.parent.value() == 9U);
  BOOST_TEST(a.llm.total_tokens() == 12U);
  BOOST_TEST(events[1].error.find("message")->text() == "slow");
  BOOST_TEST(events[1].llm.cost_nano_usd == 1);
  BOOST_TEST(!events[2].readable);
  BOOST_TEST(!events[3].readable);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
