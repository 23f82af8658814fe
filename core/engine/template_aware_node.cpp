#include "core/engine/template_aware_node.hpp"

#include <new>
#include <stdexcept>

namespace pflow {
namespace {

void fail_for_memory(Call& call) noexcept {
  Failure f;
  f.code = Code::kOutOfMemory;
  f.message = "out of memory";  // so short that the string needs none
  call.fail(std::move(f));
}

}  // namespace

Result<Value> TemplateAwareNodeWrapper::resolve_telling(TemplateResolver& resolver, const Call& call) const {
  const SecretVisitor tell = [events = call.events()](std::string_view name, const Value& value) {
    events->secret_resolved(name, value);
  };
  return params_->resolve(resolver, call.scope(), &tell);
}

bool TemplateAwareNodeWrapper::fill_in(Call& call) const {
  TemplateResolver resolver(on_missing_);
  Result<Value> params = params_->brings_secrets() && call.events() != nullptr
                             ? resolve_telling(resolver, call)
                             : params_->resolve(resolver, call.scope());
  if (!params) {
    Error e = std::move(params).error();
    Failure f;
    f.code = e.code;
    f.kind = FailureKind::kInvalidParameters;
    f.message = std::move(e.message);
    f.hint = std::move(e.hint);
    f.where = std::move(e.where);
    call.fail(std::move(f));
    return false;
  }
  if (resolver.unresolved_count() != 0) call.note_unresolved(resolver.take_unresolved());
  call.set_params(std::move(params).value());
  return true;
}

RunState TemplateAwareNodeWrapper::run(Call& call) noexcept {
  try {
    if (!fill_in(call)) return RunState::kEnded;
  } catch (const std::bad_alloc&) {
    fail_for_memory(call);
    return RunState::kEnded;
  } catch (const std::length_error&) {  // a string beyond what any memory holds
    fail_for_memory(call);
    return RunState::kEnded;
  }
  return NodeWrapper::run(call);
}

}  // namespace pflow
