#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/value.hpp"

namespace pflow {

/// A value of fewer bytes is written again rather than referred to.
inline constexpr std::size_t kReferredBytes = 256;

/// Where a value stands in the trace file, and what a reference to it would lead to.
struct TracePlace {
  std::string pointer;      ///< a JSON Pointer, escaped as inside a JSON string
  std::size_t length = 0;   ///< bytes of its text
  std::size_t longest = 0;  ///< bytes of the longest text inside, before it was cut
  bool exact = true;        ///< parts of it stand below `pointer` by their own names
  std::string secret = {};  ///< not empty: never written, this name tells why
};

/// Finds values that are in the file already, by identity: values of the store as long as they are in it, others
/// for one event. Grows with the store, not with the run.
class TracePlaces {
 public:
  /// nullptr: not known. Only texts, bytes and containers that are not empty are.
  [[nodiscard]] const TracePlace* find(const Value& v) const noexcept;

  /// The store holds `v` once more; `place` counts when `v` is new.
  void hold(const Value& v, TracePlace place);
  /// The store holds `v`, which equals `old`, in its stead.
  void hold_instead(const Value& v, const Value& old);

  /// The store holds `v` once less. It is known until the event ends.
  void release(const Value& v) { leaving_.push_back(v); }

  /// `v` is known until the event ends.
  void hold_for_event(const Value& v, TracePlace place);
  void end_event();
  void clear();

  /// Even a short text may be a secret.
  [[nodiscard]] bool knows_secrets() const noexcept { return secrets_ != 0; }

  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }

 private:
  struct Held {
    TracePlace place;
    std::uint32_t holders = 0;
  };

  [[nodiscard]] static const void* address_of(const Value& v) noexcept;  // nullptr: has none of its own

  std::unordered_map<const void*, Held> places_;
  std::vector<Value> leaving_;  // keeps them alive, so that no other value gets their address
  std::size_t secrets_ = 0;
};

}  // namespace pflow
