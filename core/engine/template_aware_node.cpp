#include "core/engine/template_aware_node.hpp"

namespace pflow {

RunState TemplateAwareNodeWrapper::run(Call& call) noexcept {
  TemplateResolver resolver(on_missing_);
  Result<Value> params = params_->resolve(resolver, call.scope());
  if (!params) {
    Error e = std::move(params).error();
    Failure f;
    f.code = e.code;
    f.kind = FailureKind::kInvalidParameters;
    f.message = std::move(e.message);
    f.hint = std::move(e.hint);
    f.where = std::move(e.where);
    call.fail(std::move(f));
    return RunState::kEnded;
  }
  if (resolver.unresolved_count() != 0) call.note_unresolved(resolver.take_unresolved());
  call.set_params(std::move(params).value());
  return NodeWrapper::run(call);
}

}  // namespace pflow
