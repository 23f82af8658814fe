#include "core/engine/template_aware_node.hpp"

#include <cstdlib>
#include <new>

#include <boost/test/unit_test.hpp>

#include "tests/core/engine/engine_run.hpp"

namespace {

// While set, no string of this size or more can be had. Only this program's own `new` knows it.
std::size_t refused_bytes = 0;

}  // namespace

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
