#include "core/engine/node_type.hpp"

#include <algorithm>

namespace pflow {

bool ParamSpec::accepts(ir::DataType type) const noexcept {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

const ParamSpec* NodeType::param(std::string_view wanted) const noexcept {
  const auto it = std::find_if(params.begin(), params.end(), [&](const ParamSpec& p) { return p.name == wanted; });
  return it == params.end() ? nullptr : &*it;
}

const OutputSpec* NodeType::output(std::string_view wanted) const noexcept {
  const auto it = std::find_if(outputs.begin(), outputs.end(), [&](const OutputSpec& o) { return o.name == wanted; });
  return it == outputs.end() ? nullptr : &*it;
}

const OutputSpec* NodeType::primary_output() const noexcept {
  const auto it = std::find_if(outputs.begin(), outputs.end(), [](const OutputSpec& o) { return o.primary; });
  if (it != outputs.end()) return &*it;
  return outputs.empty() ? nullptr : &outputs.front();
}

bool NodeType::has_action(std::string_view action) const noexcept {
  return action == kDefaultAction || action == kErrorAction ||
         std::find(actions.begin(), actions.end(), action) != actions.end();
}

}  // namespace pflow
