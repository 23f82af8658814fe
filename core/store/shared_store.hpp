#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/store/host_values.hpp"
#include "core/store/value_map.hpp"

namespace pflow {

/// Number of a node in its plan, in the order written.
using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = static_cast<NodeIndex>(-1);
/// Reads as nodes do, has no namespace of its own: the workflow's outputs.
inline constexpr NodeIndex kReader = static_cast<NodeIndex>(-2);

/// What a first name means as far as a plan can tell: saves the look-up by name at each call.
struct NameBinding {
  enum class Kind : std::uint8_t { kUnknown, kInput, kNode };
  Kind kind = Kind::kUnknown;
  std::uint32_t index = 0;
};

/// The names that a run's store knows from the start; made once with the plan, shared by all its runs.
struct StoreNames {
  std::vector<std::string> nodes;                                   ///< by NodeIndex
  std::vector<std::string> inputs;                                  ///< by position
  std::vector<std::string> secret_inputs;                           ///< of `inputs`, those that are declared secret
  bool namespaced = true;                                           ///< each node writes to a namespace of its own
  std::unordered_map<std::string_view, NodeIndex> node_index;       ///< views into `nodes`
  std::unordered_map<std::string_view, std::uint32_t> input_index;  ///< views into `inputs`

  /// Rebuilds both indexes after `nodes` or `inputs` changed.
  void index();
  [[nodiscard]] NameBinding find(std::string_view name) const;
};

/// What a run has produced so far: its inputs, one namespace of outputs a node, and, with namespacing off, outputs at
/// the root. Values are shared handles; reading and committing copy no data. Written by the engine's thread only,
/// between calls; readers on other threads are held off by their call (see Call).
class SharedStore {
 public:
  explicit SharedStore(const StoreNames& names);  ///< borrowed; must outlive this

  [[nodiscard]] const StoreNames& names() const noexcept { return *names_; }

  [[nodiscard]] const Value& input(std::uint32_t position) const noexcept { return inputs_[position]; }

  void set_input(std::uint32_t position, Value value) { inputs_[position] = std::move(value); }

  [[nodiscard]] ValueMap& outputs(NodeIndex node) noexcept { return outputs_[node].values; }

  [[nodiscard]] const ValueMap& outputs(NodeIndex node) const noexcept { return outputs_[node].values; }

  [[nodiscard]] bool has_run(NodeIndex node) const noexcept { return outputs_[node].has_run; }

  void mark_run(NodeIndex node) noexcept { outputs_[node].has_run = true; }

  /// What is read by a host name; borrowed, null when the run is not measured.
  void set_host_values(const HostValues* values) noexcept { host_values_ = values; }

  [[nodiscard]] const HostValues* host_values() const noexcept { return host_values_; }

  [[nodiscard]] ValueMap& root() noexcept { return root_; }

  [[nodiscard]] const ValueMap& root() const noexcept { return root_; }

 private:
  struct Outputs {
    ValueMap values;
    bool has_run = false;
  };

  const StoreNames* names_;
  std::vector<Value> inputs_;
  std::vector<Outputs> outputs_;
  ValueMap root_;
  const HostValues* host_values_ = nullptr;
};

}  // namespace pflow
