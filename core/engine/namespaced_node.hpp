#pragma once

#include <memory>
#include <utility>

#include "core/engine/node_wrapper.hpp"

namespace pflow {

/// Gives a node its own namespace: it reads run inputs, its own outputs and other nodes by id, and writes to its own.
class NamespacedNodeWrapper final : public NodeWrapper {
 public:
  NamespacedNodeWrapper(std::unique_ptr<Node> inner, NodeIndex self) noexcept
      : NodeWrapper(std::move(inner)), self_(self) {}

  RunState run(Call& call) noexcept override {
    call.narrow_to(self_);
    return NodeWrapper::run(call);
  }

 private:
  NodeIndex self_;
};

}  // namespace pflow
