#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "core/engine/call.hpp"
#include "core/engine/node.hpp"
#include "host/loader/plugin.hpp"
#include "host/loader/plugin_call.hpp"

namespace pflow::host {

/// A plugin's node type as a core Node: the one place that calls through the C table. Whatever a plugin does wrong
/// becomes a failed call that names its file. Makes its instance at the first call.
class PluginNode final : public Node {
 public:
  /// All borrowed; `params` (as written) is kept for create.
  PluginNode(Plugin& plugin, const pflow_node_type& table, const NodeType& type, Value params) noexcept;
  ~PluginNode() override;

  RunState run(Call& call) noexcept override;
  void cancel(Call& call) noexcept override;
  void abandon(Call& call) noexcept override;

 private:
  [[nodiscard]] bool make_instance(Call& call);
  [[nodiscard]] RunState enter_run(Call& call);
  [[nodiscard]] static RunState run_returned(pflow_call& c, pflow_status status) noexcept;
  void fail_closed(Call& call, std::string message) const;
  static void fail_cancelled(Call& call);

  Plugin& plugin_;
  const pflow_node_type& table_;
  const NodeType& type_;
  Value params_;
  void* instance_ = nullptr;
  std::atomic<bool> made_{false};
  std::atomic<bool> left_behind_{false};  // a call was abandoned: its thread may still be inside the instance
};

}  // namespace pflow::host
