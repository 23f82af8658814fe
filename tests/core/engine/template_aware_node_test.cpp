#include "core/engine/template_aware_node.hpp"

#include <cstdlib>
#include <new>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace {

// While set, no string of this size or more can be had. Only this program's own `new` knows it.
std::size_t refused_bytes = 0;

}  // namespace

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"  // it sees one half of the pair after inlining
#endif

void* operator new(std::size_t bytes) {
  if (refused_bytes != 0 && bytes >= refused_bytes) throw std::bad_alloc();
  void* p = std::malloc(bytes);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

void operator delete(void* p) noexcept {
  std::free(p);
}

void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(template_aware_node)

BOOST_AUTO_TEST_CASE(memory_that_does_not_suffice_fails_the_call) {
  EngineRun r(R"({"inputs": {"big": {}}, "nodes": [{"id": "a", "type": "inline", "params": {"x": "> ${big}"}}]})");
  r.with("big", Value::string(std::string(std::size_t{1} << 20, 'b')));
  BOOST_TEST(r.run() == "success\n");
  refused_bytes = std::size_t{1} << 20;
  const std::string told = r.run_again();
  refused_bytes = 0;
  BOOST_TEST(told == "failed\nout_of_memory | flow.json: /nodes/0 | node \"a\": out of memory |  | a\n");
}

// Keeps what is told of secrets, and whether a node had run by then.
class ToldSecrets final : public CallEvents {
 public:
  explicit ToldSecrets(FakeNodes& nodes) : nodes_(nodes) {}

  [[nodiscard]] LogLevel log_level() const noexcept override { return LogLevel::kOff; }

  void log(const Call*, LogLevel, std::string_view, std::string_view) override {}

  void chunk(const Call&, std::string_view, std::string_view) override {}

  void emitted(const Call&, std::string_view, const Value&) override {}

  [[nodiscard]] bool meters() const noexcept override { return false; }

  void llm_usage(const Call&, LlmUsageReport) override {}

  void http_exchange(const Call&, HttpReport) override {}

  void secret_resolved(std::string_view name, const Value& value) override {
    told += fmt::format("{}={} after [{}]\n", name, to_json(value), nodes_.log());
  }

  void late_fault(std::string_view) override {}

  std::string told;

 private:
  FakeNodes& nodes_;
};

// Runs nodes of the type "login", whose parameter "pin" is secret, and gives what was told of secrets.
std::string told_secrets(std::string_view document) {
  EngineRun r(document);
  FakeType& login = r.nodes.add("login", [&](Call& call) {
    r.nodes.note(call);
    call.write("out", Value::string("made it"));
    return RunState::kEnded;
  });
  login.type.nonblocking = true;
  ParamSpec pin;
  pin.name = "pin";
  pin.secret = true;
  pin.types = {ir::DataType::kObject, ir::DataType::kInteger};
  ParamSpec body;
  body.name = "body";
  body.types = {ir::DataType::kString};
  login.type.params = {pin, body};
  r.with("x", Value::string("[1234]")).with("y", Value::string("{\"a\": \"b\"}"));
  ToldSecrets secrets(r.nodes);
  r.options.events = &secrets;
  secrets.told += r.run();
  return secrets.told;
}

BOOST_AUTO_TEST_CASE(a_secret_parameter_is_told_before_its_node_runs_at_each_call) {
  BOOST_TEST(told_secrets(R"({"inputs": {"x": {}, "y": {}}, "nodes": [
      {"id": "a", "type": "login", "params": {"pin": "${y}"}},
      {"id": "b", "type": "login", "params": {"pin": "${y}", "body": "${x}"}}]})") ==
             "pin=\"{\\\"a\\\": \\\"b\\\"}\" after []\n"
             "pin=\"{\\\"a\\\": \\\"b\\\"}\" after [a ]\n"
             "success\n");
}

BOOST_AUTO_TEST_CASE(a_member_that_is_named_like_a_secret_is_told_as_it_was_before_it_became_text) {
  BOOST_TEST(told_secrets(R"({"inputs": {"x": {}, "y": {}}, "nodes": [
      {"id": "a", "type": "login", "params": {"body": {"password": "long${x}", "other": "${x}"}}}]})") ==
             "password=\"long[1234]\" after []\nsuccess\n");
}

BOOST_AUTO_TEST_CASE(a_secret_is_told_even_when_it_does_not_fit) {
  const std::string told = told_secrets(R"({"inputs": {"x": {}, "y": {}}, "nodes": [
      {"id": "a", "type": "login", "params": {"pin": "no ${x}"}}]})");
  BOOST_TEST(told.starts_with("pin=\"no [1234]\" after []\nfailed\n"), told);
}

BOOST_AUTO_TEST_CASE(constants_and_references_that_lead_nowhere_are_not_told) {
  const std::string told =
      told_secrets(R"({"inputs": {"x": {}, "y": {}}, "template_resolution_mode": "permissive", "nodes": [
      {"id": "a", "type": "login", "params": {"pin": 1234, "body": "${x}"}},
      {"id": "b", "type": "login", "params": {"pin": "${a.none}"}}]})");
  BOOST_TEST(told.starts_with("degraded\n"), told);
}

// A chain of nodes that nest what came before; the first one is given a value of this depth.
std::string nesting(std::uint32_t depth) {
  EngineRun r(R"({"inputs": {"seed": {}}, "nodes": [
      {"id": "a", "type": "inline", "params": {"write": {"data": "${seed}"}}},
      {"id": "b", "type": "inline", "params": {"write": {"data": [[[[[[[[[["${a.data}"]]]]]]]]]]}}},
      {"id": "c", "type": "inline", "params": {"write": {"data": "${b}"}}}]})");
  Value seed = Value::string("x");
  for (std::uint32_t i = 0; i < depth; ++i)
    seed = Value::array({&seed, 1});
  return r.with("seed", seed).run();
}

BOOST_AUTO_TEST_CASE(a_value_that_grows_deeper_at_each_node_fails_the_one_where_it_is_too_deep) {
  const auto told = [](int node, std::string_view id) {
    return fmt::format(
        "failed\ntoo_deep | flow.json: /nodes/{}/params/write | node \"{}\": the value would be nested more than 512 "
        "levels deep | Each visit in a loop may add levels. Pass on the part that is needed. | {}\n",
        node, id, id);
  };
  BOOST_TEST(nesting(499) == "success\n");
  BOOST_TEST(nesting(500) == told(2, "c"));  // the object of all parameters is one level more
  BOOST_TEST(nesting(501) == told(1, "b"));
  BOOST_TEST(nesting(502) == told(1, "b"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
