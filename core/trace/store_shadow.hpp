#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/value.hpp"
#include "core/store/shared_store.hpp"
#include "core/trace/trace_places.hpp"
#include "core/trace/trace_text.hpp"

namespace pflow {

/// The store as the trace told it last, as handles: finds what a call changed and writes it. An update is linear in the
/// namespace that the call wrote to; a full snapshot in the store, which is why `snapshot_bytes` comes first.
class StoreShadow {
 public:
  /// Both borrowed.
  StoreShadow(TraceText& text, TracePlaces& places) noexcept : text_(text), places_(places) {}

  /// Writes the object of the run's inputs, which stands at `place`.
  void write_inputs(const SharedStore& store, const std::vector<std::string>& secret_inputs, std::string_view place);

  /// The same without writing: they stand in the first full snapshot.
  void take_inputs(const SharedStore& store, const std::vector<std::string>& secret_inputs);

  // Take over what a call changed; what the last one changed is forgotten.
  void update_outputs(const SharedStore& store, NodeIndex node);
  void update_root(const SharedStore& store);  ///< keys that an input hides are not part of it

  /// About how many bytes a full snapshot has, what changed last not counted.
  [[nodiscard]] std::size_t snapshot_bytes() const noexcept { return snapshot_bytes_; }

  [[nodiscard]] bool changed() const noexcept { return !changes_.empty(); }

  /// The whole store; stands at `place`.
  void write_full(std::string_view place);
  /// The changes since `base`; stands at `place`.
  void write_delta(std::string_view base, std::string_view place);
  void write_mutations();

  /// Where `v`, which is said to be at `pointer` below what `head` names for the node `own`, stands in the file as a
  /// part of a greater value. Nothing: it is too small, or not there.
  [[nodiscard]] std::optional<TracePlace> place_of_part(std::string_view head, std::string_view pointer, NodeIndex own,
                                                        const SharedStore& store, const Value& v) const;

  void clear();    ///< gives up all handles
  void release();  ///< what it held of the places is known until the event ends; it is not used again

 private:
  struct Slot {
    std::string name;   // as the store has it
    std::string shown;  // as the trace has it, escaped, "$" not doubled
    Value value;
    std::size_t bytes = 0;   // of its text in a full snapshot, 0: not written yet
    bool is_secret = false;  // by its name
    bool is_held = false;    // by places_
  };

  struct Space {
    std::string shown;  // the node's id, escaped
    std::vector<Slot> slots;
  };

  enum class Kind : std::uint8_t { kAdded, kRemoved, kModified };

  struct Change {
    Kind kind = Kind::kAdded;
    std::size_t slot = 0;    // in changed_, unless it was removed
    std::string shown = {};  // of what was removed
  };

  void update(Space& space, const ValueMap& now, const SharedStore* hiding);
  [[nodiscard]] Slot make_slot(std::string_view name, const Value& value, const std::vector<Slot>& others);
  [[nodiscard]] bool replace(Slot& slot, const Value& value);  // false: it is the same
  void forget(Slot& slot);
  /// `place`, and below it `space` when that is not empty, is where the object that they are members of stands.
  void write_members(std::vector<Slot>& slots, std::string_view place, std::string_view space, bool& first);
  template <typename Pointer>
  void write_value(Slot& slot, Pointer&& pointer);
  void write_store_pointer(std::string_view shown);  // of a key in changed_
  void write_pointers(Kind kind);
  void write_set(std::string_view place);
  [[nodiscard]] static const Slot* find(const std::vector<Slot>& slots, std::string_view name) noexcept;
  [[nodiscard]] std::optional<TracePlace> part(const Slot* slot, std::string_view pointer, const Value& v) const;

  TraceText& text_;
  TracePlaces& places_;
  std::vector<Slot> inputs_;
  std::vector<Space> spaces_;  // by NodeIndex; the last ones that hold nothing may be missing
  Space root_;
  Space* changed_ = nullptr;  // what changes_ is about
  std::vector<Change> changes_;
  bool was_empty_ = false;  // changed_, before the change
  std::uint64_t slots_made_ = 0;
  std::size_t snapshot_bytes_ = 2;
};

}  // namespace pflow
