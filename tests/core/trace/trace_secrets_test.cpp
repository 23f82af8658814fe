// Secrets in every place of a trace (core/trace/workflow_trace.hpp).
#include <boost/test/unit_test.hpp>

#include "tests/core/trace/traced_run.hpp"

namespace pflow {
namespace {

using test::long_text;
using test::TracedRun;

BOOST_AUTO_TEST_SUITE(trace_secrets)

const Value kSecret = Value::string("open-sesame-1234");

std::size_t found_in(const TracedRun& run, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = run.sink.content.find(what); at != std::string::npos; at = run.sink.content.find(what, at + 1))
    ++n;
  return n;
}

BOOST_AUTO_TEST_CASE(a_known_secret_shows_nowhere) {
  TracedRun run({"a"}, {"x", "y"});
  run.redactor.add("KEY", kSecret);
  run.store.set_input(0, Value::string("in open-sesame-1234 text"));
  run.store.set_input(1, TracedRun::read(R"(["open-sesame-1234",{"open-sesame-1234":"open-sesame-1234"}])"));
  run.begin({}, TracedRun::read(R"([{"path":"/open-sesame-1234/x.so"}])"));
  TraceCall call = run.call(0);
  const Value params = TracedRun::read(R"({"prompt":"open-sesame-1234","open-sesame-1234":1})");
  const Value written = Value::string("${x} open-sesame-1234");
  const Value response = Value::string(std::string(400, 'r') + "open-sesame-1234");
  call.action = "open-sesame-1234";
  call.error = TracedRun::read(R"({"message":"open-sesame-1234"})");
  call.params = &params;
  call.resolutions.push_back({"prompt", &written, {}, {}});
  call.llm.push_back({params, params, "open-sesame-1234", "open-sesame-1234", Value(), "open-sesame-1234", params});
  call.llm.push_back(call.llm[0]);
  call.response = &response;
  call.retries.push_back({1, params, 5});
  call.logs.push_back({1, "open-sesame-1234", "open-sesame-1234", R"({"a":"open-sesame-1234"})"});
  run.set(0, "response", response);
  run.set(0, "open-sesame-1234", Value::bytes("\xFFopen-sesame-1234"));
  run.end(call);
  run.store.outputs(0).erase("open-sesame-1234");
  run.end(run.call(0));
  TraceEnd end;
  end.final_status = "open-sesame-1234";
  end.llm_summary = params;
  run.collector.finish(end);
  BOOST_TEST(found_in(run, "open-sesame-1234") == 0u);
  BOOST_TEST(found_in(run, "sesame") == 0u);
  BOOST_TEST(found_in(run, "<redacted:KEY>") >= 25u);
  BOOST_TEST(run.trace().root().find("redactions")->as_int() == static_cast<std::int64_t>(run.collector.redactions()));
  BOOST_TEST(run.collector.redactions() >= 25u);
}

BOOST_AUTO_TEST_CASE(a_secret_that_becomes_known_during_the_run_shows_no_more) {
  TracedRun run({"a"}, {});
  run.begin();
  run.run(0, {{"x", Value::string("open-sesame-1234 before")}});
  run.redactor.add("KEY", kSecret);
  run.run(0, {{"x", Value::string("open-sesame-1234 after")}});
  BOOST_TEST(found_in(run, "open-sesame-1234 after") == 0u);
}

BOOST_AUTO_TEST_CASE(a_secret_input_shows_only_its_name_whatever_it_is) {
  TracedRun run({"a"}, {"pin", "list", "plain"});
  run.store.set_input(0, Value::integer(std::int64_t{987}));
  run.store.set_input(1, TracedRun::read(R"(["w1","w2"])"));
  run.store.set_input(2, Value::string("seen"));
  run.begin({"pin", "list"});
  run.run(0, {{"out", run.store.input(1)}});
  BOOST_TEST(to_json(*run.trace().root().find("inputs")) ==
             R"({"pin":"<redacted:pin>","list":"<redacted:list>","plain":"seen"})");
  BOOST_TEST(to_json(*run.trace().event(0).find("shared_after")) ==
             R"({"pin":"<redacted:pin>","list":"<redacted:list>","plain":"seen","a":{"out":"<redacted:list>"}})");
}

BOOST_AUTO_TEST_CASE(a_secret_parameter_shows_its_name_in_params_resolutions_and_the_llm_request) {
  TracedRun run({"a"}, {});
  run.begin();
  TraceCall call = run.call(0);
  const Value params = TracedRun::read(R"({"auth_header":"w1","prompt":"hi","more":"w2"})");
  const Value whole = Value::string("${x.y}");
  const Value mixed = Value::string("part-of-it ${x.y}");
  call.params = &params;
  call.secret_params = {"auth_header", "more"};
  call.resolutions.push_back({"auth_header", &whole, "x", "/y"});
  call.resolutions.push_back({"more", &mixed, {}, {}});
  call.llm.resize(1);
  run.end(call);
  const test::ReadTrace trace = run.trace();
  const Value& event = trace.event(0);
  const std::string shown = R"({"auth_header":"<redacted:auth_header>","prompt":"hi","more":"<redacted:more>"})";
  BOOST_TEST(to_json(*event.find("params")) == shown);
  BOOST_TEST(to_json(*event.find("llm_call")->find("request")) == shown);
  BOOST_TEST(to_json(*event.find("template_resolutions")) ==
             R"({"auth_header":{"template":"${x.y}","value":"<redacted:auth_header>"},)"
             R"("more":{"template":"<redacted:more>","value":"<redacted:more>"}})");
}

BOOST_AUTO_TEST_CASE(an_output_that_is_named_like_a_secret_shows_nowhere_as_a_value) {
  TracedRun run({"get-token", "b"}, {});
  run.begin();
  const Value token = Value::string("tok");
  run.run(0, {{"access_token", token}, {"n", Value::integer(std::int64_t{1})}});
  TraceCall call = run.call(1);
  std::vector<Member> members{{Value::string("data"), token}};
  const Value params = Value::object(members);
  call.params = &params;
  call.response = &token;
  call.llm.resize(1);
  run.end(call);
  BOOST_TEST(to_json(*run.trace().event(0).find("shared_after")) ==
             R"({"get-token":{"access_token":"<redacted:access_token>","n":1}})");
  BOOST_TEST(to_json(*run.trace().event(1).find("params")) == R"({"data":"<redacted:access_token>"})");
  BOOST_TEST(found_in(run, "\"tok\"") == 0u);
}

BOOST_AUTO_TEST_CASE(a_part_below_a_secret_name_is_not_referred_to) {
  TracedRun run({"a", "b"}, {});
  run.begin();
  const Value body = TracedRun::read(R"({"secret":{"x":")" + std::string(400, 'x') + R"("},"fill":")" +
                                     std::string(400, 'f') + R"("})");
  run.run(0, {{"response", body}});
  TraceCall call = run.call(1);
  std::vector<Member> members{{Value::string("data"), *body.find("secret")->find("x")}};
  const Value params = Value::object(members);
  const Value written = Value::string("${a.response.secret.x}");
  call.params = &params;
  call.resolutions.push_back({"data", &written, "a", "/response/secret/x"});
  run.end(call);
  test::ReadTrace trace = run.trace();
  BOOST_TEST(trace.expanded(1, "params").find("data")->size() == 400u);  // and every reference leads somewhere
}

BOOST_AUTO_TEST_CASE(a_store_key_that_holds_a_secret_has_one_name_in_all_snapshots) {
  TracedRun run({"a"}, {});
  run.redactor.add("KEY", kSecret);
  std::vector<Value> texts;
  for (int i = 0; i < 150; ++i)
    texts.push_back(long_text(8000));
  run.begin({}, Value::array(texts));  // so large that snapshots tell changes only
  run.run(0, {{"open-sesame-1234", Value::string("1")}, {"x open-sesame-1234", Value::string("2")}});
  run.run(0, {{"open-sesame-1234", Value::string("3")}});
  run.store.outputs(0).erase("x open-sesame-1234");
  run.end(run.call(0));
  test::ReadTrace trace = run.trace();
  BOOST_TEST(to_json(trace.expanded(0, "shared_after")) ==
             R"({"a":{"<redacted:KEY>#1":"1","x <redacted:KEY>#2":"2"}})");
  BOOST_TEST(to_json(trace.expanded(2, "shared_after")) == R"({"a":{"<redacted:KEY>#1":"3"}})");
  BOOST_TEST(to_json(*trace.event(1).find("mutations")->find("modified")) == R"(["/a/<redacted:KEY>#1"])");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
