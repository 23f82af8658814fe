#include "core/engine/graph.hpp"

#include <algorithm>
#include <unordered_map>

namespace pflow {

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
  std::unordered_map<NodeIndex, std::vector<std::size_t>> open;  // source -> questions
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& next = next_[pairs[i].first];
    answer[i] = std::find(next.begin(), next.end(), pairs[i].second) != next.end();
    if (!answer[i]) open[pairs[i].first].push_back(i);
  }
  // The rest by sets of 64 sources at a time, passed along the edges until nothing changes.
  std::vector<std::uint64_t> passed(next_.size());
  for (auto it = open.begin(); it != open.end();) {
    std::fill(passed.begin(), passed.end(), 0);
    std::vector<NodeIndex> work;
    auto block_end = it;
    std::vector<std::pair<NodeIndex, unsigned>> block;
    for (unsigned bit = 0; bit < 64 && block_end != open.end(); ++bit, ++block_end)
      block.emplace_back(block_end->first, bit);
    for (const auto& [source, bit] : block) {
      for (const NodeIndex to : next_[source]) {
        passed[to] |= std::uint64_t{1} << bit;
        work.push_back(to);
      }
    }
    while (!work.empty()) {
      const NodeIndex at = work.back();
      work.pop_back();
      for (const NodeIndex to : next_[at]) {
        const std::uint64_t merged = passed[to] | passed[at];
        if (merged == passed[to]) continue;
        passed[to] = merged;
        work.push_back(to);
      }
    }
    unsigned bit = 0;
    for (; it != block_end; ++it, ++bit) {
      for (const std::size_t i : it->second)
        answer[i] = (passed[pairs[i].second] >> bit & 1) != 0;
    }
  }
  return answer;
}

}  // namespace pflow
