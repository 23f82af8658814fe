#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/suggest.hpp"
#include "core/ir/decoder.hpp"

namespace pflow::ir {

/// The ids of a document's nodes, for whatever refers to them. Borrows the texts.
class NodeNames {
 public:
  /// Takes the id of "nodes"[index]; kDuplicateId when an earlier node has it. A malformed id is known too, so that
  /// one mistake is one problem.
  void add(std::string_view id, std::size_t index, const Place& node, ProblemReport& report);

  /// "nodes" itself could not be read: nothing can be said about names.
  void give_up() noexcept { complete_ = false; }

  /// The index of a node, or nothing.
  [[nodiscard]] const std::size_t* find(std::string_view id) const noexcept;

  /// kUnknownNode unless the document has a node of this id.
  bool check(std::string_view id, const Place& place, ProblemReport& report);

 private:
  std::unordered_map<std::string_view, std::size_t> index_by_id_;
  Suggestions suggestions_;
  bool complete_ = true;
};

/// The array "edges".
[[nodiscard]] std::vector<Edge> decode_edges(const Value& array, const Place& place, NodeNames& nodes,
                                             ProblemReport& report);

/// The object "mappings".
[[nodiscard]] std::vector<Mapping> decode_mappings(const Value& object, const Place& place, NodeNames& nodes,
                                                   ProblemReport& report);

}  // namespace pflow::ir
