#pragma once

#include <memory>
#include <utility>

#include "core/engine/node_wrapper.hpp"

namespace pflow::host {

/// The outermost wrapper: notes when its node began and ended, whatever the node is and does, template resolution
/// included. Built only for a run that is measured. What is done with the times is Instrumentation's part.
class InstrumentedNodeWrapper final : public NodeWrapper {
 public:
  using NodeWrapper::NodeWrapper;

  RunState run(Call& call) noexcept override {
    call.start_clock();
    const RunState state = NodeWrapper::run(call);
    if (state == RunState::kEnded) call.stop_clock();  // else Call::complete does
    return state;
  }

  [[nodiscard]] static std::unique_ptr<Node> wrap(std::unique_ptr<Node> inner) {
    return std::make_unique<InstrumentedNodeWrapper>(std::move(inner));
  }
};

}  // namespace pflow::host
