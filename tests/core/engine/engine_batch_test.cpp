#include <atomic>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace pflow {
namespace {

// Adds a type that writes its parameter `v` as `out` and remembers how many of its calls were under way at once.
struct Counting {
  explicit Counting(EngineRun& run) : run_(run) {}

  FakeType& add(std::string name) {
    return run_.nodes.add(std::move(name), [this](Call& call) {
      const int now = ++under_way;
      int seen = most.load();
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      call.write("out", *call.params().find("v"));
      --under_way;
      return RunState::kEnded;
    });
  }

  EngineRun& run_;
  std::atomic<int> under_way{0};
  std::atomic<int> most{0};
};

// The order in which an observer is told.
class Told final : public RunObserver {
 public:
  void call_started(const PlanNode& node, const Call& call) override { add("start", node, call); }

  void attempt_failed(const PlanNode& node, const Call& call, std::chrono::milliseconds wait) override {
    add("failed", node, call);
    waits.push_back(wait.count());
  }

  void call_settled(const PlanNode& node, const Call& call) override { add("settled", node, call); }

  void call_ended(const PlanNode& node, const Call& call) override {
    add(call.scope().store().has_run(call.identity().node) ? "ended-in-store" : "ended", node, call);
  }

  void batch_started(const PlanNode& node, std::size_t items) override {
    seen += "batch " + node.id + " of " + std::to_string(items) + "; ";
  }

  void batch_ended(const PlanNode& node) override { seen += "batch over " + node.id + "; "; }

  std::string seen;
  std::vector<std::int64_t> waits;

 private:
  void add(const std::string& what, const PlanNode& node, const Call& call) {
    seen += what + " " + node.id + "[" + std::to_string(call.identity().batch_index) + "]; ";
  }
};

BOOST_AUTO_TEST_SUITE(engine_batch)

BOOST_AUTO_TEST_CASE(each_item_is_a_call_of_its_own_and_results_keep_the_items_order) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline", "batch": {"items": ["x", "y", "z"]},
                             "params": {"write": {"out": "${item}-${__index__}"}}}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("b", "results") ==
             R"([{"out":"x-0","item":"x"},{"out":"y-1","item":"y"},{"out":"z-2","item":"z"}])");
  BOOST_TEST(r.written("b", "count") == "3");
  BOOST_TEST(r.written("b", "success_count") == "3");
  BOOST_TEST(r.written("b", "error_count") == "0");
  BOOST_TEST(r.written("b", "errors") == "[]");
  BOOST_TEST(r.written("b", "out") == "absent");
  BOOST_TEST(r.result.calls == 3U);
}

BOOST_AUTO_TEST_CASE(items_may_come_from_another_node_and_have_another_name) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "params": {"write": {"list": [{"n": 1}, {"n": 2}]}}},
                            {"id": "b", "type": "inline", "batch": {"items": "${a.list}", "as": "row"},
                             "params": {"write": {"n": "${row.n}"}}},
                            {"id": "c", "type": "inline", "params": {"write": {"first": "${b.results[1].n}"}}}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("c", "first") == "2");
}

BOOST_AUTO_TEST_CASE(a_json_text_of_a_list_is_a_list_of_items) {
  EngineRun r(R"({"inputs": {"list": {"type": "string"}},
                  "nodes": [{"id": "b", "type": "inline", "batch": {"items": "${list}"},
                             "params": {"write": {"out": "${item}"}}}]})");
  r.with("list", Value::string("[1, 2]"));
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("b", "results") == R"([{"out":1,"item":1},{"out":2,"item":2}])");
}

BOOST_AUTO_TEST_CASE(what_is_no_list_fails_the_node_and_says_so) {
  EngineRun r(R"({"inputs": {"list": {"type": "string"}},
                  "nodes": [{"id": "b", "type": "inline", "batch": {"items": "${list}"}}]})");
  r.with("list", Value::string("three"));
  BOOST_TEST(
      r.run() ==
      "failed\ninvalid_parameter | flow.json: /nodes/0 | node \"b\": its batch has no items: parameter \"items\" "
      "must be an array, not a string |  | b\n");
}

BOOST_AUTO_TEST_CASE(no_items_are_no_calls_and_empty_results) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline", "batch": {"items": []}}]})");
  Told told;
  r.options.observer = &told;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("b", "results") == "[]");
  BOOST_TEST(r.written("b", "count") == "0");
  BOOST_TEST(told.seen == "start b[-1]; settled b[-1]; ended-in-store b[-1]; ");
}

BOOST_AUTO_TEST_CASE(the_last_item_ends_after_the_results_are_in_the_store) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline", "batch": {"items": [1, 2]}}]})");
  Told told;
  r.options.observer = &told;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(told.seen ==
             "batch b of 2; start b[0]; settled b[0]; ended b[0]; start b[1]; settled b[1]; batch over b; "
             "ended-in-store b[1]; ");
}

BOOST_AUTO_TEST_CASE(without_parallel_one_item_is_under_way_at_a_time) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "counting", "batch": {"items": [1, 2, 3, 4]},
                             "params": {"v": "${item}"}}]})");
  Counting counting(r);
  counting.add("counting").type.concurrent = true;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(counting.most == 1);
}

BOOST_AUTO_TEST_CASE(blocking_items_run_on_threads_no_more_than_may_be_under_way) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "counting",
                             "batch": {"items": [1, 2, 3, 4, 5, 6, 7, 8, 9], "parallel": true, "max_concurrent": 3},
                             "params": {"v": "${item}"}}]})");
  Counting counting(r);
  counting.add("counting");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(counting.most > 1);
  BOOST_TEST(counting.most <= 3);
  BOOST_TEST(r.written("b", "success_count") == "9");
  BOOST_TEST(r.nodes.created.size() == 3U);  // an instance a lane: the type lets one call in at a time
}

BOOST_AUTO_TEST_CASE(a_type_that_lets_many_calls_in_has_one_instance) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "counting",
                             "batch": {"items": [1, 2, 3, 4], "parallel": true, "max_concurrent": 4},
                             "params": {"v": "${item}"}}]})");
  Counting counting(r);
  counting.add("counting").type.concurrent = true;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.nodes.created.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_type_s_own_limit_counts) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "counting",
                             "batch": {"items": [1, 2, 3, 4, 5, 6], "parallel": true, "max_concurrent": 6},
                             "params": {"v": "${item}"}}]})");
  Counting counting(r);
  FakeType& type = counting.add("counting");
  type.type.concurrent = true;
  type.type.max_concurrency = 2;
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(counting.most <= 2);
}

BOOST_AUTO_TEST_CASE(async_items_end_in_any_order_and_results_keep_theirs) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "async",
                             "batch": {"items": [30, 1, 15], "parallel": true, "max_concurrent": 3},
                             "params": {"sleep_ms": "${item}", "write": {"out": "${item}"}}}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("b", "results") == R"([{"out":30,"item":30},{"out":1,"item":1},{"out":15,"item":15}])");
}

BOOST_AUTO_TEST_CASE(fail_fast_fails_the_node_with_the_first_failure_and_begins_nothing_more) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline", "batch": {"items": [0, 9, 0]},
                             "params": {"fail_times": "${item}", "write": {"out": 1},
                                        "failure": {"message": "no good", "node_code": "bad", "hint": "Mend it."}}}]})");
  BOOST_TEST(r.run() == "failed\nbad | flow.json: /nodes/0 | node \"b\": item 1: no good | Mend it. | b\n");
  BOOST_TEST(r.nodes.log() == "b b ");
  BOOST_TEST(r.written("b", "results") == R"([{"out":1,"item":0},null,null])");
  BOOST_TEST(r.written("b", "errors") == R"([{"index":1,"item":9,"code":"bad","message":"no good"}])");
}

BOOST_AUTO_TEST_CASE(continue_keeps_going_and_the_run_ends_degraded) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline",
                             "batch": {"items": [0, 9, 9], "error_handling": "continue"},
                             "params": {"fail_times": "${item}", "write": {"out": 1},
                                        "failure": {"message": "no good"}}}]})");
  BOOST_TEST(
      r.run() ==
      "degraded\nitems_failed | flow.json: /nodes/0 | node \"b\": 2 of 3 items failed; item 1: no good |  | b\n");
  BOOST_TEST(r.written("b", "results") == R"([{"out":1,"item":0},null,null])");
  BOOST_TEST(r.written("b", "error_count") == "2");
}

BOOST_AUTO_TEST_CASE(when_all_items_fail_the_node_fails_even_if_it_may_continue) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline",
                             "batch": {"items": [9, 9], "error_handling": "continue"},
                             "params": {"fail_times": 9, "failure": {"message": "no good"}}},
                            {"id": "c", "type": "inline", "params": {"write": {"why": "${b.error.message}"}}}],
                  "edges": [{"from": "b", "to": "c", "action": "error"}]})");
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("c", "why") == R"("all 2 items failed; item 0: no good")");
}

BOOST_AUTO_TEST_CASE(each_item_is_tried_as_often_as_the_batch_says) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline", "retry": {"max_attempts": 9},
                             "batch": {"items": [0, 1, 2], "max_retries": 2, "error_handling": "continue"},
                             "params": {"fail_times": "${item}", "write": {"out": 1}}}]})");
  BOOST_TEST(r.run() ==
             "degraded\nitems_failed | flow.json: /nodes/0 | node \"b\": 1 of 3 items failed; item 2: it broke on "
             "attempt 2 |  | b\n");
  BOOST_TEST(r.nodes.log() == "b b b#2 b b#2 ");
}

BOOST_AUTO_TEST_CASE(items_wait_between_attempts_side_by_side) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline",
                             "batch": {"items": [1, 1, 1, 1], "parallel": true, "max_retries": 2, "retry_wait": 0.05},
                             "params": {"fail_times": 1, "write": {"out": 1}}}]})");
  BOOST_TEST(r.run() == "success\n");
  // The first attempts all came before any second one: nobody waited for another one's pause.
  BOOST_TEST(r.nodes.log() == "b b b b b#2 b#2 b#2 b#2 ");
}

BOOST_AUTO_TEST_CASE(a_wait_is_shortened_by_at_most_a_quarter) {
  EngineRun r(R"({"nodes": [{"id": "a", "type": "inline", "retry": {"max_attempts": 2, "wait_ms": 40},
                             "params": {"fail_times": 1}}]})");
  Told told;
  r.options.observer = &told;
  r.options.jitter = [] { return 1.0; };
  BOOST_TEST(r.run() == "success\n");
  BOOST_REQUIRE(told.waits.size() == 1U);
  BOOST_TEST(told.waits[0] == 30);
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_over_keeps_nothing_of_its_items) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "kept", "batch": {"items": [1]}}, {"id": "c", "type": "looks"}]})");
  std::weak_ptr<Call> call_of_item;
  r.nodes
      .add("kept",
           [&](Call& call) {
             call_of_item = call.weak_from_this();
             return RunState::kEnded;
           })
      .type.nonblocking = true;
  r.nodes.add("looks", [&](Call& call) {
    call.write("gone", Value::boolean(call_of_item.expired()));
    return RunState::kEnded;
  });
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("c", "gone") == "true");
}

BOOST_AUTO_TEST_CASE(an_output_of_the_type_is_looked_for_in_the_results) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "described", "batch": {"items": [1]}},
                            {"id": "c", "type": "inline", "params": {"x": "${b.text}"}}]})");
  r.nodes.describe("described").outputs = {{"text", "string", "", true}};
  BOOST_TEST(r.run() ==
             "no plan\nunknown_reference | flow.json: /nodes/1/params/x | ${b.text}: node \"b\" (a batch of described) "
             "has no output \"text\" | What its items write stands in their results: ${b.results[0].text}. Outputs of "
             "b: results (array), count (integer), success_count (integer), error_count (integer), errors (array), "
             "batch_metadata (object). | \n");
}

BOOST_AUTO_TEST_CASE(an_item_is_known_in_its_node_alone) {
  EngineRun r(R"({"nodes": [{"id": "b", "type": "inline", "batch": {"items": "${item}"}}]})");
  BOOST_TEST(r.run() ==
             "no plan\nunknown_reference | flow.json: /nodes/0/batch/items | ${item}: there is no input or node "
             "\"item\" | Available: b. For the text itself write $${item}. For an input give item=VALUE. | \n");
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_items_go_through_one_slot) {
  EngineRun r(R"({"inputs": {"list": {"type": "array"}},
                  "nodes": [{"id": "b", "type": "inline", "batch": {"items": "${list}"}}]})");
  std::vector<Value> items;
  for (std::int64_t i = 0; i < 100'000; ++i)
    items.push_back(Value::integer(i));
  r.with("list", Value::array(items));
  r.nodes.get("inline").run = [](Call&) { return RunState::kEnded; };
  BOOST_TEST(r.run() == "success\n");
  BOOST_TEST(r.written("b", "success_count") == "100000");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
