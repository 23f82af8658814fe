#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/result.hpp"
#include "core/engine/node.hpp"
#include "core/engine/node_type.hpp"

namespace pflow {

/// What one node of a document is to be.
struct Selection {
  const NodeType* type = nullptr;
  std::optional<Value> params = {};  ///< in the place of those written; nothing: as they are
  bool by_params = false;            ///< other parameters may lead elsewhere: nothing to remember for the type's name
};

/// Where a plan gets its node types and nodes from: the plugin registry, or a test's table.
class NodeFactory {
 public:
  virtual ~NodeFactory() = default;

  /// Describes a node type; the result lives as long as the factory. Loads nothing.
  /// Errors: kUnknownNodeType, kAmbiguousNodeType, kPluginRefused, kPluginBroken.
  [[nodiscard]] virtual Result<const NodeType*> find(std::string_view type_name) = 0;

  /// The node type that a node with these parameters gets, for types that stand for several. `params` are as written,
  /// templates not filled in. An error's `where` is empty (the node's type), "#" and a JSON Pointer below the
  /// parameters, or another place. Errors: those of find, kUnknownProvider, kInvalidParameter, what keeps settings
  /// unread.
  [[nodiscard]] virtual Result<Selection> select(std::string_view type_name, const Value& /*params*/) {
    Result<const NodeType*> found = find(type_name);
    if (found) return Selection{*found};
    Error e = std::move(found).error();
    e.where.clear();
    return e;
  }

  /// What is asked for from now on belongs to a nested workflow, until it is left again. `mapping` is what its inputs
  /// get in the workflow around it: an object with templates not filled in, or null.
  virtual void enter_workflow(const ir::Workflow& /*workflow*/, const Value& /*mapping*/) {}

  virtual void leave_workflow() {}

  /// Makes a node of a type that `find` or `select` gave; opens its library when that has not happened yet. `params`
  /// are as written, with defaults, templates not filled in.
  [[nodiscard]] virtual Result<std::unique_ptr<Node>> create(const NodeType& type, const Value& params) = 0;
};

}  // namespace pflow
