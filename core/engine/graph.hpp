#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/store/shared_store.hpp"

namespace pflow {

/// A workflow's edges without their actions: questions about what can come before what.
class Graph {
 public:
  explicit Graph(std::size_t nodes) : next_(nodes) {}

  void add_edge(NodeIndex from, NodeIndex to) { next_[from].push_back(to); }

  /// By node: can it be reached from `start`? O(nodes + edges).
  [[nodiscard]] std::vector<bool> reachable_from(NodeIndex start) const;

  /// For each (source, sink): can a run pass `source` and later `sink`? About linear when sources are near their sinks;
  /// O((nodes + edges) * distinct sources / 64) at worst.
  [[nodiscard]] std::vector<bool> can_precede(const std::vector<std::pair<NodeIndex, NodeIndex>>& pairs) const;

 private:
  std::vector<std::vector<NodeIndex>> next_;
};

}  // namespace pflow
