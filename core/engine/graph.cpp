#include "core/engine/graph.hpp"

#include <algorithm>
#include <cstdint>

namespace pflow {
namespace {

using Edges = std::vector<std::vector<NodeIndex>>;

// A graph with each loop (strongly connected component, by Tarjan's algorithm) drawn together to one place; places are
// numbered so that every edge leads to a higher one.
struct LoopOrder {
  explicit LoopOrder(const Edges& edges) : place_of(edges.size(), kNoNode) {
    std::vector<NodeIndex> found(edges.size(), kNoNode);  // by node: when the walk came there
    std::vector<NodeIndex> lowest(edges.size());          // the earliest that it leads back to
    std::vector<NodeIndex> without_place;

    struct Visit {
      NodeIndex node;
      std::size_t edge;
    };

    std::vector<Visit> path;
    NodeIndex clock = 0;
    NodeIndex places = 0;
    const auto enter = [&](NodeIndex node) {
      found[node] = lowest[node] = clock++;
      without_place.push_back(node);
      path.push_back({node, 0});
    };
    for (NodeIndex root = 0; root < edges.size(); ++root) {
      if (found[root] == kNoNode) enter(root);
      while (!path.empty()) {
        const NodeIndex node = path.back().node;
        if (path.back().edge < edges[node].size()) {
          const NodeIndex to = edges[node][path.back().edge++];
          if (found[to] == kNoNode) {
            enter(to);
          } else if (place_of[to] == kNoNode) {
            lowest[node] = std::min(lowest[node], found[to]);
          }
          continue;
        }
        path.pop_back();
        if (!path.empty()) lowest[path.back().node] = std::min(lowest[path.back().node], lowest[node]);
        if (lowest[node] != found[node]) continue;
        NodeIndex member = kNoNode;
        do {
          member = without_place.back();
          without_place.pop_back();
          place_of[member] = places;
        } while (member != node);
        ++places;
      }
    }
    // The walk ends at the last places first.
    for (NodeIndex& place : place_of)
      place = places - 1 - place;
    is_loop.resize(places);
    next.resize(places);
    for (NodeIndex node = 0; node < edges.size(); ++node) {
      for (const NodeIndex to : edges[node]) {
        if (place_of[to] == place_of[node]) {
          is_loop[place_of[node]] = true;
        } else {
          next[place_of[node]].push_back(place_of[to]);
        }
      }
    }
  }

  std::vector<NodeIndex> place_of;  // by node
  std::vector<bool> is_loop;        // by place
  Edges next;                       // by place
};

}  // namespace

std::vector<bool> Graph::reachable_from(NodeIndex start) const {
  std::vector<bool> seen(next_.size());
  std::vector<NodeIndex> open{start};
  seen[start] = true;
  while (!open.empty()) {
    const NodeIndex at = open.back();
    open.pop_back();
    for (const NodeIndex to : next_[at]) {
      if (seen[to]) continue;
      seen[to] = true;
      open.push_back(to);
    }
  }
  return seen;
}

std::vector<bool> Graph::can_precede(const std::vector<std::pair<NodeIndex, NodeIndex>>& pairs) const {
  std::vector<bool> answer(pairs.size());
  // Nearly every reference is to a node right before: an edge answers it.
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& next = next_[pairs[i].first];
    answer[i] = std::find(next.begin(), next.end(), pairs[i].second) != next.end();
    if (!answer[i]) open.push_back(i);
  }
  if (open.empty()) return answer;

  // Within a loop every node can precede every other; between loops, edges lead from lower places to higher ones.
  const LoopOrder order(next_);
  std::erase_if(open, [&](std::size_t i) {
    const NodeIndex source = order.place_of[pairs[i].first];
    const NodeIndex sink = order.place_of[pairs[i].second];
    if (source == sink) answer[i] = order.is_loop[source];
    return source >= sink;
  });
  const auto source_of = [&](std::size_t i) { return order.place_of[pairs[i].first]; };
  std::sort(open.begin(), open.end(), [&](std::size_t a, std::size_t b) { return source_of(a) < source_of(b); });

  // Sets of 64 sources that are close to each other, passed upwards along the edges as far as anybody asks.
  std::vector<std::uint64_t> passed(order.next.size());
  for (auto at = open.begin(); at != open.end();) {
    const auto block = at;
    const NodeIndex first = source_of(*block);
    NodeIndex last = first;
    unsigned sources = 0;
    std::vector<unsigned> bit_of;
    for (NodeIndex previous = kNoNode; at != open.end(); ++at) {
      const NodeIndex source = source_of(*at);
      if (source != previous && sources == 64) break;
      if (source != previous) passed[source] |= std::uint64_t{1} << sources++;
      previous = source;
      bit_of.push_back(sources - 1);
      last = std::max(last, order.place_of[pairs[*at].second]);
    }
    for (NodeIndex place = first; place < last; ++place) {
      if (passed[place] == 0) continue;
      for (const NodeIndex to : order.next[place]) {
        if (to <= last) passed[to] |= passed[place];
      }
    }
    for (auto it = block; it != at; ++it) {
      const std::uint64_t seen = passed[order.place_of[pairs[*it].second]];
      answer[*it] = (seen >> bit_of[static_cast<std::size_t>(it - block)] & 1) != 0;
    }
    std::fill(passed.begin() + first, passed.begin() + last + 1, 0);
  }
  return answer;
}

}  // namespace pflow
