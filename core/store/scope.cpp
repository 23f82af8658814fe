#include "core/store/scope.hpp"

namespace pflow {

Scope::Found Scope::find(std::string_view name) const {
  if (locals_ != nullptr) {
    if (const Value* v = locals_->find(name)) return {v, nullptr, kNoNode};
  }
  const StoreNames& names = store_->names();
  if (const auto input = names.input_index.find(name); input != names.input_index.end()) {
    return {&store_->input(input->second), nullptr, kNoNode};
  }
  if (own_ != kReader) {
    if (const Value* v = own().find(name)) return {v, nullptr, kNoNode};
  }
  if (own_ == kNoNode) return {};
  if (const auto node = names.node_index.find(name); node != names.node_index.end()) {
    return {nullptr, &store_->outputs(node->second), node->second};
  }
  return {};
}

std::vector<std::string_view> Scope::known_names() const {
  const StoreNames& names = store_->names();
  std::vector<std::string_view> out(names.inputs.begin(), names.inputs.end());
  for (const auto& [key, value] : own().entries())
    out.emplace_back(key);
  if (own_ != kNoNode) out.insert(out.end(), names.nodes.begin(), names.nodes.end());
  return out;
}

const ValueMap& Scope::own() const noexcept {
  return target();
}

void Scope::commit(std::string_view key, Value value) const {
  target().set(key, std::move(value));
}

void Scope::forget(std::string_view key) const {
  target().erase(key);
}

}  // namespace pflow
