#include "core/store/scope.hpp"

namespace pflow {

Scope::Found Scope::find(std::string_view name, NameBinding bound) const {
  if (locals_ != nullptr) {
    if (const Value* v = locals_->find(name)) return {v, nullptr, kNoNode};
  }
  if (bound.kind == NameBinding::Kind::kInput) return {&store_->input(bound.index), nullptr, kNoNode};
  if (own_ != kReader) {
    if (const Value* v = own().find(name)) return {v, nullptr, kNoNode};
  }
  if (own_ == kNoNode || bound.kind != NameBinding::Kind::kNode) return {};
  return {nullptr, &store_->outputs(bound.index), bound.index};
}

std::vector<std::string_view> Scope::known_names() const {
  const StoreNames& names = store_->names();
  std::vector<std::string_view> out;
  const auto add_keys = [&out](const ValueMap& values) {
    for (const auto& [key, value] : values.entries())
      out.emplace_back(key);
  };
  if (locals_ != nullptr) add_keys(*locals_);
  out.insert(out.end(), names.inputs.begin(), names.inputs.end());
  if (own_ != kReader) add_keys(own());
  if (own_ != kNoNode) out.insert(out.end(), names.nodes.begin(), names.nodes.end());
  return out;
}

const ValueMap& Scope::own() const noexcept {
  return stored();
}

void Scope::commit(std::string_view key, Value value) const {
  target().set(key, std::move(value));
}

void Scope::forget(std::string_view key) const {
  target().erase(key);
}

}  // namespace pflow
