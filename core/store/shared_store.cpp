#include "core/store/shared_store.hpp"

namespace pflow {

void StoreNames::index() {
  node_index.clear();
  input_index.clear();
  for (NodeIndex i = 0; i < nodes.size(); ++i)
    node_index.emplace(nodes[i], i);
  for (std::uint32_t i = 0; i < inputs.size(); ++i)
    input_index.emplace(inputs[i], i);
}

NameBinding StoreNames::find(std::string_view name) const {
  if (const auto input = input_index.find(name); input != input_index.end()) {
    return {NameBinding::Kind::kInput, input->second};
  }
  if (const auto node = node_index.find(name); node != node_index.end()) {
    return {NameBinding::Kind::kNode, node->second};
  }
  return {};
}

SharedStore::SharedStore(const StoreNames& names)
    : names_(&names), inputs_(names.inputs.size()), outputs_(names.nodes.size()) {}

}  // namespace pflow
