#include "core/trace/workflow_trace.hpp"

#include <malloc.h>

#include <boost/test/unit_test.hpp>

#include "tests/core/trace/traced_run.hpp"

namespace pflow {
namespace {

using test::canonical;
using test::long_text;
using test::member;
using test::ReadTrace;
using test::TracedRun;

BOOST_AUTO_TEST_SUITE(workflow_trace)

BOOST_AUTO_TEST_CASE(a_run_of_three_nodes_makes_this_file) {
  TracedRun run({"fetch", "ask", "save"}, {"city"});
  run.store.set_input(0, Value::string("Ulm"));
  run.begin({}, TracedRun::read(R"([{"id":"echo"}])"));
  run.run(0, {{"response", TracedRun::read(R"({"temp":21})")}});

  TraceCall ask = run.call(1);
  const Value params = TracedRun::read(R"({"prompt":"Is 21 warm?","url":"http://h/?key=abc"})");
  const Value written = Value::string("Is ${fetch.response.temp} warm?");
  const Value response = Value::string("Yes");
  ask.node_type = "llm";
  ask.plugin = "openai";
  ask.params = &params;
  ask.resolutions.push_back({"prompt", &written, {}, {}});
  ask.attempt = 2;
  ask.retries.push_back({1, TracedRun::read(R"({"code":"timeout"})"), 500});
  ask.logs.push_back({2.25, "info", "asking", "{\"n\":1}"});
  ask.llm.push_back({TracedRun::read(R"({"in":5})"), TracedRun::read(R"({"input_tokens":5})"), "openai", "gpt",
                     TracedRun::read("0.25"), "list", Value()});
  ask.response = &response;
  run.set(1, "response", response);
  run.end(ask);

  TraceCall save = run.call(2);
  save.plugin = {};
  save.success = false;
  save.action = "error";
  save.error = TracedRun::read(R"({"code":"io","message":"disk full"})");
  save.visit = 3;
  save.batch_index = 4;
  run.end(save);
  run.finish();

  BOOST_TEST(run.sink.content ==
             R"({"format":"pflow-trace","format_version":"1.0.0","kind":"workflow",)"
             R"("execution_id":"6f1c1f0e-0000-4000-8000-000000000001","workflow_id":"w","workflow_name":"flow",)"
             R"("start_time":"2026-10-01T12:00:00.000+02:00","host":{"version":"0.1.0"},"plugins":[{"id":"echo"}],)"
             R"("inputs":{"city":"Ulm"},"nodes":[)"
             "\n"
             R"({"seq":1,"node_id":"fetch","node_type":"echo","plugin":"echo","start_ms":1.500,"duration_ms":0.250,)"
             R"("success":true,"action":"default","error":null,"attempt":1,"visit":1,"batch_index":null,)"
             R"("parent":null,"shared_before":{"city":"Ulm"},)"
             R"("shared_after":{"city":"Ulm","fetch":{"response":{"temp":21}}},)"
             R"("mutations":{"added":["/fetch/response"],"removed":[],"modified":[]},"template_resolutions":{},)"
             R"("params":null,"llm_call":null,"http_calls":[],"retries":[],"logs":[]},)"
             "\n"
             R"({"seq":2,"node_id":"ask","node_type":"llm","plugin":"openai","start_ms":1.500,"duration_ms":0.250,)"
             R"("success":true,"action":"default","error":null,"attempt":2,"visit":1,"batch_index":null,)"
             R"("parent":null,"shared_before":{"city":"Ulm","fetch":{"response":{"temp":21}}},)"
             R"("shared_after":{"city":"Ulm","fetch":{"response":{"temp":21}},"ask":{"response":"Yes"}},)"
             R"("mutations":{"added":["/ask/response"],"removed":[],"modified":[]},"template_resolutions":)"
             R"({"prompt":{"template":"Is ${fetch.response.temp} warm?","value":"Is 21 warm?"}},)"
             R"("params":{"prompt":"Is 21 warm?","url":"http://h/?key=<redacted:key>"},)"
             R"("llm_call":{"request":{"prompt":"Is 21 warm?","url":"http://h/?key=<redacted:key>"},)"
             R"("response":"Yes","usage_raw":{"in":5},"usage":{"input_tokens":5},"provider":"openai","model":"gpt",)"
             R"("cost_usd":0.25,"cost_basis":"list","price":null,"further":[]},"http_calls":[],)"
             R"("retries":[{"attempt":1,"error":{"code":"timeout"},"wait_ms":500}],)"
             R"("logs":[{"ms":2.250,"level":"info","message":"asking","fields":{"n":1}}]},)"
             "\n"
             R"({"seq":3,"node_id":"save","node_type":"echo","plugin":null,"start_ms":1.500,"duration_ms":0.250,)"
             R"("success":false,"action":"error","error":{"code":"io","message":"disk full"},"attempt":1,"visit":3,)"
             R"("batch_index":4,"parent":null,)"
             R"("shared_before":{"city":"Ulm","fetch":{"response":{"temp":21}},"ask":{"response":"Yes"}},)"
             R"("shared_after":{"city":"Ulm","fetch":{"response":{"temp":21}},"ask":{"response":"Yes"}},)"
             R"("mutations":{"added":[],"removed":[],"modified":[]},"template_resolutions":{},"params":null,)"
             R"("llm_call":null,"http_calls":[],"retries":[],"logs":[]})"
             "\n],\n"
             R"("end_time":"2026-10-01T12:00:01.000+02:00","duration_ms":1000.063,"final_status":"success",)"
             R"("nodes_executed":3,"nodes_failed":0,"llm_summary":{"calls":0},"redactions":2,"truncations":0})"
             "\n");
}

BOOST_AUTO_TEST_CASE(after_each_write_the_file_is_valid_and_holds_every_event_so_far) {
  TracedRun run({"a", "b"}, {"big"});
  run.sink.keep_all = true;
  run.store.set_input(0, long_text(3000));
  run.begin();
  for (int i = 0; i < 20; ++i)
    run.run(i % 2 == 0 ? 0 : 1, {{"n", Value::integer(std::int64_t{i})}});
  run.finish();
  BOOST_REQUIRE(run.sink.states.size() == 22u);
  for (std::size_t i = 0; i < run.sink.states.size(); ++i) {
    const ReadTrace trace(run.sink.states[i]);
    BOOST_TEST(trace.events() == std::min<std::size_t>(i, 20));
    BOOST_TEST((trace.root().find("final_status") != nullptr) == (i == 21));
  }
}

BOOST_AUTO_TEST_CASE(an_event_is_one_write) {
  TracedRun run({"a"}, {});
  run.begin();
  BOOST_TEST(run.sink.writes == 1u);
  run.run(0, {{"x", long_text(100'000)}});
  BOOST_TEST(run.sink.writes == 2u);
  run.finish();
  BOOST_TEST(run.sink.writes == 3u);
  run.run(0, {});
  run.finish();
  BOOST_TEST(run.sink.writes == 3u);
}

BOOST_AUTO_TEST_CASE(once_the_file_refuses_nothing_more_is_written_so_that_the_trace_looks_cut_off) {
  for (std::size_t n = 2; n < 8; ++n) {
    TracedRun run({"a"}, {"x"});
    run.sink.refuse_from = n;
    run.sink.refuse_until = n + 1;
    run.begin();
    for (int i = 0; i < 6; ++i) {
      BOOST_TEST(run.collector.failed() == (run.sink.writes >= n));
      run.run(0, {{"n", Value::integer(std::int64_t{i})}});
    }
    BOOST_TEST(run.collector.failed());
    BOOST_TEST(run.sink.writes == n);
    run.finish();
    BOOST_TEST(run.sink.writes == n);
    const ReadTrace trace = run.trace();
    BOOST_TEST(trace.events() == n - 2);
    BOOST_TEST(trace.root().find("final_status") == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_refuses_for_good_is_left_as_it_is) {
  TracedRun run({"a"}, {});
  run.sink.refuse_from = 3;
  run.begin();
  run.run(0, {});
  run.run(0, {});
  run.finish();
  run.finish();
  BOOST_TEST(run.sink.writes == 3u);
  BOOST_TEST(run.trace().events() == 1u);
  BOOST_TEST(run.collector.failed());
}

BOOST_AUTO_TEST_CASE(a_file_that_refuses_its_beginning_gets_nothing_more) {
  TracedRun run({"a"}, {});
  run.sink.refuse_from = 1;
  run.sink.refuse_until = 2;
  run.begin();
  BOOST_TEST(run.collector.failed());
  run.run(0, {});
  run.finish();
  BOOST_TEST(run.sink.writes == 1u);
  BOOST_TEST(run.sink.content.empty());
}

BOOST_AUTO_TEST_CASE(a_trace_that_was_never_begun_writes_nothing) {
  TracedRun run({"a"}, {});
  run.run(0, {});
  run.finish();
  BOOST_TEST(run.sink.writes == 0u);
}

BOOST_AUTO_TEST_CASE(a_parameter_that_is_a_part_of_an_output_is_referred_to) {
  TracedRun run({"a", "b"}, {});
  run.begin();
  const Value body = TracedRun::read(R"({"items":[1,{"te~xt":")" + std::string(400, 'x') + R"("}]})");
  run.run(0, {{"response", body}});
  TraceCall call = run.call(1);
  const Value item = body.find("items")->items()[1];
  std::vector<Member> members{{Value::string("data"), item}};
  const Value params = Value::object(members);
  const Value written = Value::string("${a.response.items[1]}");
  call.params = &params;
  call.resolutions.push_back({"data", &written, "a", "/response/items/1"});
  run.end(call);
  const std::string ref = R"({"$ref":"/nodes/0/shared_after/a/response/items/1"})";
  BOOST_TEST(member(run, "template_resolutions", 1) ==
             R"({"data":{"template":"${a.response.items[1]}","value":)" + ref + "}}");
  BOOST_TEST(member(run, "params", 1) == R"({"data":)" + ref + "}");
}

BOOST_AUTO_TEST_CASE(a_part_that_is_not_what_the_place_says_is_written_out) {
  TracedRun run({"a", "b"}, {});
  run.begin();
  // JSON in a text: what was read from it is nowhere in the store.
  run.run(0, {{"response", Value::string(R"({"text":")" + std::string(400, 'x') + R"("})")}});
  TraceCall call = run.call(1);
  std::vector<Member> members{{Value::string("data"), long_text(400)}};
  const Value params = Value::object(members);
  const Value written = Value::string("${a.response.text}");
  call.params = &params;
  for (const std::string_view pointer : {"/response/text", "/response/text/0", "/no", "", "x", "/"}) {
    call.resolutions = {{"data", &written, "a", std::string(pointer)}};
    run.end(call);
    const std::size_t i = run.trace().events() - 1;
    BOOST_TEST(run.trace().event(i).find("template_resolutions")->find("data")->find("value")->size() == 400u);
    BOOST_TEST(member(run, "params", i) ==
               R"({"data":{"$ref":"/nodes/)" + std::to_string(i) + R"(/template_resolutions/data/value"}})");
  }
}

BOOST_AUTO_TEST_CASE(a_part_behind_a_reference_is_written_out) {
  TracedRun run({"a", "b"}, {});
  run.begin();
  const Value inner = TracedRun::read(R"({"deep":[")" + std::string(300, 'd') + R"("]})");
  run.run(0, {{"inner", inner}});
  std::vector<Member> members{{Value::string("wrap"), inner}, {Value::string("fill"), long_text(300)}};
  const Value outer = Value::object(members);
  run.run(0, {{"outer", outer}});
  TraceCall call = run.call(1);
  std::vector<Member> params_members{{Value::string("data"), *inner.find("deep")}};
  const Value params = Value::object(params_members);
  const Value written = Value::string("${a.outer.wrap.deep}");
  call.params = &params;
  call.resolutions.push_back({"data", &written, "a", "/outer/wrap/deep"});
  run.end(call);
  ReadTrace trace = run.trace();
  BOOST_TEST(canonical(trace.expanded(2, "params")) == canonical(params));
}

BOOST_AUTO_TEST_CASE(an_event_is_at_most_600_bytes_when_a_node_does_next_to_nothing) {
  std::vector<std::string> names;
  for (int i = 0; i < 10'000; ++i)
    names.push_back("n" + std::to_string(i));
  TracedRun run(names, {});
  run.begin();
  const Value written = Value::string("${n0.data}");
  std::vector<Member> members{{Value::string("data"), Value::string("x")}};
  const Value params = Value::object(members);
  std::size_t at_half = 0;
  for (NodeIndex i = 0; i < 10'000; ++i) {
    TraceCall call = run.call(i);
    call.params = &params;
    call.resolutions.push_back({"data", &written, "n0", "/data"});
    run.set(i, "data", Value::string("x"));
    run.end(call);
    if (i == 4999) at_half = run.sink.content.size();
  }
  run.finish();
  BOOST_TEST(run.sink.content.size() < 10'000'000u);
  BOOST_TEST((run.sink.content.size() - at_half) / 5000 <= 620u);
  BOOST_TEST(run.trace().events() == 10'000u);
}

BOOST_AUTO_TEST_CASE(five_hundred_nodes_of_a_kibibyte_each_make_less_than_three_megabytes) {
  std::vector<std::string> names;
  for (int i = 0; i < 500; ++i)
    names.push_back("n" + std::to_string(i));
  TracedRun run(names, {});
  run.begin();
  for (NodeIndex i = 0; i < 500; ++i)
    run.run(i, {{"data", long_text(1024, static_cast<char>('a' + i % 26))}});
  run.finish();
  BOOST_TEST(run.sink.content.size() < 3'000'000u);
  ReadTrace trace = run.trace();
  BOOST_TEST(canonical(trace.expanded(499, "shared_after")) == canonical(run.snapshot()));
}

// Takes a file and forgets it.
class Nowhere final : public TraceSink {
 public:
  [[nodiscard]] bool write_at(std::uint64_t, std::string_view) noexcept override { return true; }
};

std::size_t held_bytes() {
  const struct mallinfo2 info = ::mallinfo2();  // nothing under a sanitizer
  return info.uordblks + info.hblkhd;
}

BOOST_AUTO_TEST_CASE(memory_does_not_grow_with_the_run) {
  StoreNames names;
  names.nodes = {"a", "b"};
  names.index();
  SharedStore store(names);
  Nowhere sink;
  Redactor redactor;
  WorkflowTraceCollector collector(sink, redactor, {}, true);
  const std::size_t at_first = held_bytes();
  collector.begin({}, store);
  const auto run = [&](int calls) {
    for (int i = 0; i < calls; ++i) {
      TraceCall call;
      call.node = i % 2 == 0 ? 0 : 1;
      std::vector<Member> members{{Value::string("data"), long_text(2000)}};
      const Value params = Value::object(members);
      call.params = &params;
      const Value written = Value::string("${a.x}");
      call.resolutions.push_back({"data", &written, "a", "/x"});
      store.outputs(call.node).set(i % 7 == 0 ? "y" : "x", long_text(1000));
      if (i % 5 == 0) store.outputs(call.node).erase("y");
      if (i % 10'000 == 0) {
        std::vector<Value> many(1'000'000);
        store.outputs(call.node).set("x", Value::array(many));
      }
      collector.call_ended(call, store);
    }
  };
  run(1000);
  const std::size_t before = held_bytes();
  run(100'000);
  const std::size_t after = held_bytes();
  BOOST_TEST(after < before + 20'000u);
  BOOST_TEST(after < at_first + 200'000u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
