#pragma once

#include <memory>
#include <string_view>

#include "core/base/result.hpp"
#include "core/engine/node.hpp"
#include "core/engine/node_type.hpp"

namespace pflow {

/// Where a plan gets its node types and nodes from: the plugin registry, or a test's table.
class NodeFactory {
 public:
  virtual ~NodeFactory() = default;

  /// Describes a node type; the result lives as long as the factory. Loads nothing.
  /// Errors: kUnknownNodeType, kAmbiguousNodeType, kPluginRefused, kPluginBroken.
  [[nodiscard]] virtual Result<const NodeType*> find(std::string_view type_name) = 0;

  /// Makes a node of a type that `find` gave; opens its library when that has not happened yet. `params` are as
  /// written, with defaults, templates not filled in.
  [[nodiscard]] virtual Result<std::unique_ptr<Node>> create(const NodeType& type, const Value& params) = 0;
};

}  // namespace pflow
