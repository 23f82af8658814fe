#pragma once

#include <memory>
#include <utility>

#include "core/engine/node_wrapper.hpp"
#include "core/engine/params.hpp"

namespace pflow {

/// Fills in the templates of a node's parameters before each attempt. A reference that leads nowhere fails the call
/// before the node runs (strict), or stays as text and is noted (permissive). Secrets that
/// were filled in are told to the call's events first. Memory that does not suffice fails the call with kOutOfMemory.
class TemplateAwareNodeWrapper final : public NodeWrapper {
 public:
  /// `params` is borrowed from the plan and outlives this.
  TemplateAwareNodeWrapper(std::unique_ptr<Node> inner, const ParamSet& params, OnMissing on_missing) noexcept
      : NodeWrapper(std::move(inner)), params_(&params), on_missing_(on_missing) {}

  RunState run(Call& call) noexcept override;

 private:
  /// False: the call has failed. Throws std::bad_alloc and std::length_error.
  [[nodiscard]] bool fill_in(Call& call) const;
  [[nodiscard]] Result<Value> resolve_telling(TemplateResolver& resolver, const Call& call) const;

  const ParamSet* params_;
  OnMissing on_missing_;
};

}  // namespace pflow
