#pragma once

#include <string_view>
#include <vector>

#include "core/store/shared_store.hpp"

namespace pflow {

/// The store as one node sees it. The first part of a name is looked up as: call-local value (a batch item), run input,
/// key of the node's own namespace, node id; with namespacing off, the root takes the place of the last two.
class Scope {
 public:
  Scope() = default;

  static Scope root_of(SharedStore& store) { return Scope(store, kNoNode); }

  /// The same store as node `own` sees it, writing to its own namespace.
  [[nodiscard]] Scope narrowed(NodeIndex own) const noexcept {
    Scope scope = *this;
    scope.own_ = own;
    return scope;
  }

  /// What a first name means; a node's own id gives its namespace, which is no Value.
  struct Found {
    const Value* value = nullptr;
    const ValueMap* outputs = nullptr;  ///< a node's namespace
    NodeIndex node = kNoNode;           ///< whose namespace

    explicit operator bool() const noexcept { return value != nullptr || outputs != nullptr; }
  };

  [[nodiscard]] Found find(std::string_view name) const { return find(name, store_->names().find(name)); }

  [[nodiscard]] Found find(std::string_view name, NameBinding bound) const;  ///< `bound` is names().find(name)
  [[nodiscard]] std::vector<std::string_view> known_names() const;           ///< for messages

  /// Values that exist for this call only; borrowed, may be null.
  void set_locals(const ValueMap* locals) noexcept { locals_ = locals; }

  /// Takes what the call writes in the place of the store; borrowed, may be null.
  void set_target(ValueMap* target) noexcept { target_ = target; }

  void commit(std::string_view key, Value value) const;
  void forget(std::string_view key) const;

  [[nodiscard]] const SharedStore& store() const noexcept { return *store_; }

  [[nodiscard]] const ValueMap& own() const noexcept;  ///< what this node has in the store

 private:
  Scope(SharedStore& store, NodeIndex own) : store_(&store), own_(own) {}

  [[nodiscard]] ValueMap& stored() const noexcept { return own_ == kNoNode ? store_->root() : store_->outputs(own_); }

  [[nodiscard]] ValueMap& target() const noexcept { return target_ != nullptr ? *target_ : stored(); }

  SharedStore* store_ = nullptr;
  NodeIndex own_ = kNoNode;
  const ValueMap* locals_ = nullptr;
  ValueMap* target_ = nullptr;
};

}  // namespace pflow
