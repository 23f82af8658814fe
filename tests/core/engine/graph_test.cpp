#include "core/engine/graph.hpp"

#include <random>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(graph)

using Pairs = std::vector<std::pair<NodeIndex, NodeIndex>>;

std::string bits(const std::vector<bool>& v) {
  std::string out;
  for (const bool b : v)
    out += b ? '1' : '0';
  return out;
}

Graph chain(NodeIndex nodes) {
  Graph g(nodes);
  for (NodeIndex i = 0; i + 1 < nodes; ++i)
    g.add_edge(i, i + 1);
  return g;
}

BOOST_AUTO_TEST_CASE(the_start_is_always_reached) {
  BOOST_TEST(bits(Graph(1).reachable_from(0)) == "1");
  BOOST_TEST(bits(Graph(3).reachable_from(1)) == "010");
}

BOOST_AUTO_TEST_CASE(what_edges_lead_to_is_reached) {
  BOOST_TEST(bits(chain(4).reachable_from(1)) == "0111");
  Graph g(5);
  g.add_edge(0, 1);
  g.add_edge(1, 2);
  g.add_edge(2, 0);
  g.add_edge(3, 4);
  BOOST_TEST(bits(g.reachable_from(0)) == "11100");
  BOOST_TEST(bits(g.reachable_from(3)) == "00011");
}

BOOST_AUTO_TEST_CASE(a_node_can_precede_what_comes_after_it_on_a_path) {
  const Graph g = chain(4);
  BOOST_TEST(bits(g.can_precede({{0, 1}, {0, 3}, {1, 3}, {1, 0}, {3, 0}, {2, 2}})) == "111000");
  BOOST_TEST(g.can_precede({}).empty());
}

BOOST_AUTO_TEST_CASE(in_a_loop_every_node_can_precede_every_other_and_itself) {
  Graph g = chain(4);
  g.add_edge(2, 0);
  BOOST_TEST(bits(g.can_precede({{0, 0}, {2, 1}, {1, 0}, {3, 3}, {3, 0}, {2, 3}})) == "111001");
  Graph alone(1);
  BOOST_TEST(bits(alone.can_precede({{0, 0}})) == "0");
  alone.add_edge(0, 0);
  BOOST_TEST(bits(alone.can_precede({{0, 0}})) == "1");
}

BOOST_AUTO_TEST_CASE(branches_do_not_precede_each_other) {
  Graph g(4);
  g.add_edge(0, 1);
  g.add_edge(0, 2);
  g.add_edge(1, 3);
  g.add_edge(2, 3);
  BOOST_TEST(bits(g.can_precede({{1, 2}, {2, 1}, {0, 3}, {1, 3}})) == "0011");
}

BOOST_AUTO_TEST_CASE(more_sources_than_one_word_has_bits_are_answered) {
  constexpr NodeIndex kNodes = 200;
  const Graph g = chain(kNodes);
  Pairs pairs;
  for (NodeIndex i = 0; i < kNodes; ++i) {
    pairs.emplace_back(i, kNodes - 1);
    pairs.emplace_back(kNodes - 1, i);
  }
  const std::vector<bool> answer = g.can_precede(pairs);
  for (NodeIndex i = 0; i < kNodes; ++i) {
    BOOST_TEST(answer[2 * i] == (i != kNodes - 1), i);
    BOOST_TEST(!answer[2 * i + 1], i);
  }
}

BOOST_AUTO_TEST_CASE(random_graphs_are_answered_as_by_walking_them) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    const auto nodes = static_cast<NodeIndex>(1 + random() % 90);
    Graph g(nodes);
    std::vector<std::vector<NodeIndex>> next(nodes);
    for (std::size_t e = random() % (2 * nodes + 1); e > 0; --e) {
      const auto from = static_cast<NodeIndex>(random() % nodes);
      next[from].push_back(static_cast<NodeIndex>(random() % nodes));
      g.add_edge(from, next[from].back());
    }
    Pairs pairs;
    std::vector<bool> expected;
    for (NodeIndex from = 0; from < nodes; ++from) {
      std::vector<bool> after(nodes);
      for (const NodeIndex successor : next[from]) {
        const std::vector<bool> reached = g.reachable_from(successor);
        for (NodeIndex to = 0; to < nodes; ++to)
          after[to] = after[to] || reached[to];
      }
      for (NodeIndex to = 0; to < nodes; ++to) {
        pairs.emplace_back(from, to);
        expected.push_back(after[to]);
      }
    }
    BOOST_TEST(bits(g.can_precede(pairs)) == bits(expected), "round " << round);
  }
}

BOOST_AUTO_TEST_CASE(far_and_near_sources_of_a_long_chain_are_answered) {
  constexpr NodeIndex kNodes = 100'000;  // a walk that calls itself would not come back
  Graph g = chain(kNodes);
  g.add_edge(60'000, 50'000);
  Pairs pairs;
  for (NodeIndex i = 2; i < kNodes; ++i)
    pairs.emplace_back(i - 2, i);
  pairs.emplace_back(0, kNodes - 1);
  pairs.emplace_back(59'000, 51'000);
  BOOST_TEST(bits(g.can_precede(pairs)).find('0') == std::string::npos);
  BOOST_TEST(bits(g.can_precede({{kNodes - 1, 0}, {61'000, 60'000}, {51'000, 49'000}})) == "000");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
