#pragma once

#include <memory>
#include <utility>

#include "core/engine/call.hpp"
#include "core/engine/node.hpp"

namespace pflow {

/// A node that passes on what it is asked to the one inside; wrappers override what they add to.
class NodeWrapper : public Node {
 public:
  explicit NodeWrapper(std::unique_ptr<Node> inner) noexcept : inner_(std::move(inner)) {}

  RunState run(Call& call) noexcept override { return inner_->run(call); }

  void cancel(Call& call) noexcept override { inner_->cancel(call); }

  void abandon(Call& call) noexcept override { inner_->abandon(call); }

 private:
  std::unique_ptr<Node> inner_;
};

}  // namespace pflow
