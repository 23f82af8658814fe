#include "core/trace/store_shadow.hpp"

#include <random>

#include <boost/test/unit_test.hpp>

#include "core/base/json_pointer.hpp"
#include "tests/core/trace/traced_run.hpp"

namespace pflow {
namespace {

using test::canonical;
using test::long_text;
using test::ReadTrace;
using test::TracedRun;

BOOST_AUTO_TEST_SUITE(store_shadow)

constexpr std::size_t kMiB = std::size_t{1024} * 1024;

// So many texts that the file is beyond the size up to which snapshots are written in full.
Value big_plugins() {
  std::vector<Value> texts;
  for (int i = 0; i < 150; ++i)
    texts.push_back(long_text(8000));
  return Value::array(texts);
}

// The text of one member of an event, as it is in the file.
std::string written(const TracedRun& run, std::size_t event, std::string_view member) {
  return to_json(*run.trace().event(event).find(member));
}

void go_beyond_a_mebibyte(TracedRun& run) {
  run.begin({}, big_plugins());
  run.run(0, {{"text", Value::string("first")}});
  BOOST_REQUIRE(run.sink.content.size() > kMiB);
}

BOOST_AUTO_TEST_CASE(a_small_trace_shows_every_snapshot_in_full) {
  TracedRun run({"a", "b"}, {"city"});
  run.store.set_input(0, Value::string("Ulm"));
  run.begin();
  run.run(0, {{"text", Value::string("1")}});
  run.run(1, {{"text", Value::string("2")}, {"n", Value::integer(std::int64_t{3})}});
  BOOST_TEST(written(run, 0, "shared_before") == R"({"city":"Ulm"})");
  BOOST_TEST(written(run, 0, "shared_after") == R"({"city":"Ulm","a":{"text":"1"}})");
  BOOST_TEST(written(run, 1, "shared_before") == R"({"city":"Ulm","a":{"text":"1"}})");
  BOOST_TEST(written(run, 1, "shared_after") == R"({"city":"Ulm","a":{"text":"1"},"b":{"text":"2","n":3}})");
}

BOOST_AUTO_TEST_CASE(beyond_a_mebibyte_a_snapshot_says_what_changed) {
  TracedRun run({"a", "b"}, {});
  go_beyond_a_mebibyte(run);
  run.run(1, {{"text", Value::string("new")}});
  run.run(0, {{"text", Value::string("changed")}, {"more", Value()}});
  run.store.outputs(0).erase("text");
  run.end(run.call(0));
  run.store.outputs(0).clear();
  run.end(run.call(0));
  run.end(run.call(1));
  BOOST_TEST(written(run, 1, "shared_before") == R"({"$ref":"/nodes/0/shared_after"})");
  BOOST_TEST(written(run, 1, "shared_after") ==
             R"({"$base":"/nodes/1/shared_before","set":{"/b":{"text":"new"}},"remove":[]})");
  BOOST_TEST(written(run, 2, "shared_after") ==
             R"({"$base":"/nodes/2/shared_before","set":{"/a/text":"changed","/a/more":null},"remove":[]})");
  BOOST_TEST(written(run, 3, "shared_after") == R"({"$base":"/nodes/3/shared_before","set":{},"remove":["/a/text"]})");
  BOOST_TEST(written(run, 4, "shared_after") == R"({"$base":"/nodes/4/shared_before","set":{},"remove":["/a"]})");
  BOOST_TEST(written(run, 5, "shared_after") == R"({"$ref":"/nodes/5/shared_before"})");
}

BOOST_AUTO_TEST_CASE(mutations_are_pointers_to_the_keys_that_a_call_changed) {
  TracedRun run({"a/b"}, {});
  run.begin();
  run.run(0, {{"x~y", Value::string("1")}, {"same", Value::string("s")}});
  run.store.outputs(0).erase("x~y");
  run.run(0, {{"same", Value::string("s")}, {"new", Value()}});
  run.run(0, {{"same", Value::string("t")}, {"new", Value::boolean(true)}});
  BOOST_TEST(written(run, 0, "mutations") == R"({"added":["/a~1b/x~0y","/a~1b/same"],"removed":[],"modified":[]})");
  BOOST_TEST(written(run, 1, "mutations") == R"({"added":["/a~1b/new"],"removed":["/a~1b/x~0y"],"modified":[]})");
  BOOST_TEST(written(run, 2, "mutations") == R"({"added":[],"removed":[],"modified":["/a~1b/same","/a~1b/new"]})");
}

BOOST_AUTO_TEST_CASE(an_equal_value_is_no_change_and_a_key_that_was_set_anew_is_one_only_when_it_differs) {
  TracedRun run({"a"}, {});
  run.begin();
  run.run(0, {{"x", TracedRun::read(R"({"k":[1,2]})")}, {"y", Value::string("1")}});
  run.run(0, {{"x", TracedRun::read(R"({"k":[1,2]})")}});
  BOOST_TEST(written(run, 1, "mutations") == R"({"added":[],"removed":[],"modified":[]})");
  ValueMap& outputs = run.store.outputs(0);
  outputs.erase("x");
  outputs.set("x", TracedRun::read(R"({"k":[1,2]})"));
  run.end(run.call(0));
  BOOST_TEST(written(run, 2, "mutations") == R"({"added":[],"removed":[],"modified":[]})");
  outputs.erase("y");
  outputs.set("y", Value::string("2"));
  run.end(run.call(0));
  BOOST_TEST(written(run, 3, "mutations") == R"({"added":[],"removed":[],"modified":["/a/y"]})");
}

BOOST_AUTO_TEST_CASE(an_equal_value_that_took_anothers_place_is_known_to_be_in_the_file) {
  TracedRun run({"a", "b"}, {});
  run.begin();
  run.run(0, {{"x", long_text(300)}});
  const Value equal = long_text(300);
  run.run(0, {{"x", equal}});
  run.run(1, {{"y", equal}});
  BOOST_TEST(to_json(*run.trace().event(2).find("shared_after")->find("b")->find("y")) ==
             R"({"$ref":"/nodes/0/shared_after/a/x"})");
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_would_take_the_file_beyond_a_mebibyte_is_not_written_in_full) {
  std::vector<std::string> inputs;
  for (int i = 0; i < 3000; ++i)
    inputs.push_back("i" + std::to_string(i));
  TracedRun run({"a"}, inputs);
  for (std::uint32_t i = 0; i < 3000; ++i)
    run.store.set_input(i, long_text(100));
  run.begin();
  run.run(0, {});
  run.run(0, {});
  BOOST_TEST(run.sink.content.size() < kMiB);
  BOOST_TEST(written(run, 1, "shared_before") == R"({"$ref":"/nodes/0/shared_after"})");
}

BOOST_AUTO_TEST_CASE(with_namespacing_off_keys_stand_at_the_root_and_an_input_hides_its_own) {
  TracedRun run({"a"}, {"city"}, false);
  run.store.set_input(0, Value::string("Ulm"));
  run.begin();
  run.run(0, {{"city", Value::string("hidden")}, {"text", Value::string("1")}});
  run.run(0, {{"city", Value::string("hidden still")}});
  BOOST_TEST(written(run, 0, "shared_after") == R"({"city":"Ulm","text":"1"})");
  BOOST_TEST(written(run, 0, "mutations") == R"({"added":["/text"],"removed":[],"modified":[]})");
  BOOST_TEST(written(run, 1, "mutations") == R"({"added":[],"removed":[],"modified":[]})");
}

BOOST_AUTO_TEST_CASE(a_value_of_256_bytes_is_written_once) {
  TracedRun run({"a", "b"}, {"text"});
  run.store.set_input(0, long_text(256));
  run.begin();
  const Value made = long_text(256, 'm');
  run.run(0, {{"made", made}, {"short", long_text(255, 's')}});
  run.run(1, {{"copy", made}});
  BOOST_TEST(written(run, 0, "shared_before") == R"({"text":{"$ref":"/inputs/text"}})");
  const std::string after = written(run, 1, "shared_after");
  const std::string ref = R"({"$ref":"/nodes/0/shared_after/a/made"})";
  BOOST_TEST(after == R"({"text":{"$ref":"/inputs/text"},"a":{"made":)" + ref + R"(,"short":")" +
                          std::string(255, 's') + R"("},"b":{"copy":)" + ref + "}}");
}

BOOST_AUTO_TEST_CASE(what_was_replaced_can_be_referred_to_by_the_call_that_replaced_it_and_by_none_after) {
  TracedRun run({"a", "b"}, {});
  run.begin();
  const Value old = long_text(300, 'o');
  run.run(0, {{"text", old}});
  run.run(0, {{"text", long_text(300, 'n')}, {"before", old}});
  run.store.outputs(0).erase("before");
  run.end(run.call(0));
  run.run(1, {{"text", old}});
  BOOST_TEST(to_json(*run.trace().event(1).find("shared_after")->find("a")->find("before")) ==
             R"({"$ref":"/nodes/0/shared_after/a/text"})");
  BOOST_TEST(run.trace().event(3).find("shared_after")->find("b")->find("text")->text() == old.text());
}

BOOST_AUTO_TEST_CASE(a_key_that_begins_with_a_dollar_gets_one_more_and_places_count_it) {
  TracedRun run({"a", "b"}, {});
  run.begin();
  const Value text = long_text(300);
  run.run(0, {{"$ref", text}, {"x", TracedRun::read(R"({"$base": 1, "$$": 2})")}});
  run.run(1, {{"text", text}});
  const std::string after = written(run, 1, "shared_after");
  BOOST_TEST(after.find(R"("$$ref":{"$ref":"/nodes/0/shared_after/a/$$ref"})") != std::string::npos, after);
  BOOST_TEST(after.find(R"({"$$base":1,"$$$":2})") != std::string::npos, after);
  ReadTrace trace = run.trace();
  BOOST_TEST(canonical(trace.expanded(1, "shared_after")) == canonical(run.snapshot()));
  BOOST_TEST(written(run, 0, "mutations") == R"({"added":["/a/$ref","/a/x"],"removed":[],"modified":[]})");
}

// Runs of random commits: what a snapshot expands to must be the store as it was.
class RandomRun {
 public:
  RandomRun(std::uint32_t seed, bool namespaced, bool beyond)
      : random_(seed), run_({"n0", "n1", "n2", "n/3~"}, {"in0", "in1"}, namespaced), namespaced_(namespaced) {
    run_.store.set_input(0, value(2));
    run_.store.set_input(1, value(3));
    run_.begin({}, beyond ? big_plugins() : Value());
    for (std::size_t steps = 5 + below(40); steps > 0; --steps)
      step();
  }

  void check(std::uint32_t seed) {
    ReadTrace trace(run_.sink.content);
    BOOST_REQUIRE(trace.events() == after_.size());
    for (std::size_t i = 0; i < after_.size(); ++i) {
      BOOST_REQUIRE_MESSAGE(canonical(trace.expanded(i, "shared_before")) == before_[i], "seed " << seed << " " << i);
      BOOST_REQUIRE_MESSAGE(canonical(trace.expanded(i, "shared_after")) == after_[i], "seed " << seed << " " << i);
      BOOST_REQUIRE_MESSAGE(canonical(trace.expanded(i, "params")) == params_[i], "seed " << seed << " " << i);
      for (const Member& r : trace.event(i).find("template_resolutions")->members()) {
        const std::string value = canonical(trace.expanded(*r.value.find("value")));
        const Value params = TracedRun::read(to_json(trace.expanded(i, "params")));
        BOOST_REQUIRE_MESSAGE(value == canonical(*params.find(r.name())), "seed " << seed << " " << i);
      }
    }
    references += trace.references();
  }

  static inline std::size_t references = 0;

 private:
  std::size_t below(std::size_t n) { return random_() % n; }

  std::string key() {
    static const std::vector<std::string> kKeys{"a", "b", "$c", "d/e", "f~g", "\"h\"", "$$", "i j"};
    return kKeys[below(kKeys.size())];
  }

  Value value(int depth) {
    switch (below(depth > 0 ? 8 : 5)) {
      case 0:
        return {};
      case 1:
        return Value::integer(static_cast<std::int64_t>(random_() % 1000));
      case 2:
        return Value::string(std::string(below(20), 'k'));
      case 3:
        return long_text(250 + below(300), static_cast<char>('a' + below(26)));
      case 4:
        return known_.empty() ? Value::boolean(true) : known_[below(known_.size())];
      case 5: {
        std::vector<Value> items;
        for (std::size_t n = below(5); n > 0; --n)
          items.push_back(value(depth - 1));
        return Value::array(items);
      }
      default: {
        std::vector<Member> members;
        for (std::size_t n = below(5); n > 0; --n)
          members.push_back({Value::string(std::to_string(n) + key()), value(depth - 1)});
        if (below(4) == 0) members.push_back({Value::string("$ref"), value(depth - 1)});
        return Value::object(members);
      }
    }
  }

  // A reference that a parameter may hold: into the store as it is now.
  void add_parameter(std::vector<Member>& members, TraceCall& call, std::size_t n) {
    names_[n] = "p" + std::to_string(n);
    TraceResolution r;
    r.param = names_[n];
    r.written = &written_;
    Value v = value(2);
    const NodeIndex other = static_cast<NodeIndex>(below(4));
    const auto& entries = (namespaced_ ? run_.store.outputs(other) : run_.store.root()).entries();
    if (!entries.empty() && below(3) != 0) {
      const auto& [name, stored] = entries[below(entries.size())];
      v = stored;
      std::string pointer;
      append_whole_step(name, pointer);
      if (!namespaced_) pointer.clear();
      while (v.size() != 0 && below(3) != 0) {
        if (v.is_array()) {
          const std::size_t i = below(v.size());
          pointer += "/" + std::to_string(i);
          v = Value(v.items()[i]);
        } else if (v.is_object()) {
          const Member& m = v.members()[below(v.size())];
          append_whole_step(m.name(), pointer);
          v = Value(m.value);
        } else {
          break;
        }
      }
      heads_[n] = namespaced_ ? run_.store.names().nodes[other] : name;
      r.source_node = heads_[n];
      r.source_pointer = pointer;
    }
    members.push_back({Value::string(names_[n]), v});
    call.resolutions.push_back(std::move(r));
  }

  void step() {
    const NodeIndex node = static_cast<NodeIndex>(below(4));
    before_.push_back(canonical(run_.snapshot()));
    TraceCall call = run_.call(node);
    std::vector<Member> members;
    for (std::size_t n = below(3); n > 0; --n)
      add_parameter(members, call, n);
    const Value params = Value::object(members);
    call.params = &params;
    params_.push_back(canonical(params));
    ValueMap& map = namespaced_ ? run_.store.outputs(node) : run_.store.root();
    for (std::size_t n = below(4); n > 0; --n) {
      const Value v = below(4) == 0 && params.size() != 0 ? params.members()[0].value : value(3);
      if (v.size() > 3) known_.push_back(v);
      map.set(key(), v);
    }
    if (below(3) == 0) map.erase(key());
    if (below(12) == 0) map.clear();
    if (known_.size() > 6) known_.erase(known_.begin());
    run_.end(call);
    after_.push_back(canonical(run_.snapshot()));
  }

  std::mt19937_64 random_;
  TracedRun run_;
  bool namespaced_;
  Value written_ = Value::string("${x}");
  std::string names_[4];
  std::string heads_[4];
  std::vector<Value> known_;
  std::vector<std::string> before_;
  std::vector<std::string> after_;
  std::vector<std::string> params_;
};

BOOST_AUTO_TEST_CASE(whatever_a_run_commits_its_snapshots_expand_to_the_store_as_it_was) {
  for (std::uint32_t seed = 0; seed < 200; ++seed)
    RandomRun(seed, seed % 2 == 0, false).check(seed);
  BOOST_TEST(RandomRun::references > 2000u);
}

BOOST_AUTO_TEST_CASE(the_same_is_true_where_snapshots_tell_changes_only) {
  for (std::uint32_t seed = 1000; seed < 1100; ++seed)
    RandomRun(seed, seed % 2 == 0, true).check(seed);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
