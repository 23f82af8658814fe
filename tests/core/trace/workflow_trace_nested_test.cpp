#include <boost/test/unit_test.hpp>

#include "core/trace/workflow_trace.hpp"
#include "tests/core/trace/traced_run.hpp"

namespace pflow {
namespace {

using test::long_text;
using test::member;
using test::ReadTrace;
using test::TracedRun;

BOOST_AUTO_TEST_SUITE(workflow_trace_nested)

BOOST_AUTO_TEST_CASE(calls_of_a_nested_workflow_show_its_own_store_and_name_their_parent) {
  TracedRun run({"a", "w"}, {"x"});
  run.store.set_input(0, Value::string("outer"));
  run.begin();
  run.run(0, {{"out", Value::integer(std::int64_t{1})}});
  StoreNames names;
  names.nodes = {"in"};
  names.inputs = {"n", "pin"};
  names.secret_inputs = {"pin"};
  names.index();
  const auto nested = [&](std::uint64_t seq) {
    SharedStore store(names);
    store.set_input(0, Value::integer(std::int64_t{7}));
    store.set_input(1, Value::string("hush-hush"));
    store.outputs(0).set("o", Value::integer(static_cast<std::int64_t>(seq)));
    TraceCall call;
    call.seq = seq;
    call.parent = 2;
    call.node_id = "w/in";
    call.node = 0;
    run.collector.call_ended(call, store);
  };
  nested(3);
  run.collector.nested_over(2);  // another attempt has another store
  nested(4);
  run.collector.nested_over(2);
  TraceCall w = run.call(1);
  w.seq = 2;
  run.set(1, "sum", Value::integer(std::int64_t{3}));
  run.end(w);
  run.finish();
  ReadTrace trace = run.trace();
  const auto text = [&](std::string_view place) { return to_json(trace.expanded(trace.at(place))); };
  BOOST_TEST(text("/nodes/1/shared_before") == R"({"n":7,"pin":"<redacted:pin>"})");
  BOOST_TEST(text("/nodes/1/shared_after") == R"({"n":7,"pin":"<redacted:pin>","in":{"o":3}})");
  BOOST_TEST(text("/nodes/2/shared_before") == R"({"n":7,"pin":"<redacted:pin>"})");
  BOOST_TEST(text("/nodes/2/shared_after") == R"({"n":7,"pin":"<redacted:pin>","in":{"o":4}})");
  BOOST_TEST(text("/nodes/1/parent") == "2");
  BOOST_TEST(text("/nodes/3/seq") == "2");
  BOOST_TEST(text("/nodes/3/shared_before") == R"({"x":"outer","a":{"out":1}})");
  BOOST_TEST(text("/nodes/3/shared_after") == R"({"x":"outer","a":{"out":1},"w":{"sum":3}})");
  BOOST_TEST(text("/nodes/3/mutations/added") == R"(["/w/sum"])");
}

BOOST_AUTO_TEST_CASE(beyond_the_first_mebibyte_a_nested_snapshot_goes_on_from_the_one_before_it_in_its_run) {
  TracedRun run({"a", "w"}, {});
  run.begin();
  for (int i = 0; i < 120; ++i)
    run.run(0, {{"out", long_text(9'000 + i)}});
  StoreNames names;
  names.nodes = {"one", "two"};
  names.inputs = {"big"};
  names.index();
  SharedStore first(names);
  SharedStore second(names);
  const auto nested = [&](SharedStore& store, std::uint64_t parent, NodeIndex node, std::int64_t written) {
    store.outputs(node).set("o", Value::integer(written));
    TraceCall call;
    call.seq = 1000 + static_cast<std::uint64_t>(written);
    call.parent = parent;
    call.node = node;
    run.collector.call_ended(call, store);
  };
  const Value big = long_text(5'000);
  first.set_input(0, big);
  second.set_input(0, big);
  nested(first, 500, 0, 1);
  nested(second, 501, 0, 2);
  const std::size_t before = run.sink.content.size();
  nested(first, 500, 1, 3);
  BOOST_TEST(run.sink.content.size() < before + 1'000);
  run.finish();
  ReadTrace trace = run.trace();
  const auto shown = [&](std::size_t event, std::string_view member) {
    return to_json(trace.expanded(*trace.event(event).find(member)));
  };
  const std::string input = R"({"big":)" + to_json(big);
  BOOST_TEST(shown(120, "shared_after") == input + R"(,"one":{"o":1}})");
  BOOST_TEST(shown(121, "shared_before") == input + "}");
  BOOST_TEST(shown(121, "shared_after") == input + R"(,"one":{"o":2}})");
  BOOST_TEST(shown(122, "shared_before") == input + R"(,"one":{"o":1}})");
  BOOST_TEST(shown(122, "shared_after") == input + R"(,"one":{"o":1},"two":{"o":3}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
