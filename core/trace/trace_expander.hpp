#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/value.hpp"

namespace pflow {

struct SnapshotChange;

/// A part of a trace with its references filled in.
struct Expansion {
  Value value;
  std::size_t unresolved = 0;    ///< references left as they are, with "$unresolved": why
  std::string first_unresolved;  ///< the first of them, and why
};

/// How far a file may make its reader go. Written sizes grow with each time that a shared part is shown.
struct ExpansionLimits {
  std::size_t max_written_bytes = 256u << 20;  ///< of what references add to one part, about
  std::size_t max_steps = 64u << 20;           ///< of work for one part: a few seconds
};

/// Fills in what a trace writes once and refers to later (docs/trace.md): $ref, $base with set and remove, doubled $.
///
/// What a reference leads to is shared, never copied. A chain of snapshots is followed in a loop and its changes are
/// put into its first snapshot at once, so the last event of a long run costs one walk along the run; the next one
/// asked for goes on from there. A file that leads in circles, nests for ever or blows up gets its reference back,
/// marked. One thread at a time.
class TraceExpander {
 public:
  explicit TraceExpander(const Value& root, ExpansionLimits limits = {});  ///< borrowed, with all of its parts

  /// `part` is in the root: the very value there, for places are told by their address.
  [[nodiscard]] Expansion expand(const Value& part);

 private:
  // Where a pointer leads: a value of the file, or one that was put together.
  struct Place {
    const Value* written = nullptr;
    Value made = {};
    std::string_view problem = {};  // not empty: it leads nowhere

    [[nodiscard]] bool found() const noexcept { return problem.empty(); }
  };

  struct Snapshot {
    const Value* written;
    Value filled;
  };

  struct Target {
    Value filled;
    std::size_t written_bytes = 0;
    bool open = true;  // being filled in: to meet it again is to go in a circle
  };

  bool note_references(const Value& v);

  [[nodiscard]] bool plain(const Value& v) const { return !holding_.contains(&v); }

  Value fill(const Value& v, std::uint32_t level);
  Value fill_members(const Value& v, std::uint32_t level);
  Value fill_reference(const Value& marker, std::uint32_t level);
  Value fill_target(const Value& target, std::uint32_t level, std::size_t& written_bytes, std::string_view& problem);
  Value unresolved(const Value& marker, std::string_view why);
  std::string_view too_much(const Value& filled, std::size_t written_bytes, std::uint32_t level);

  Place follow(std::string_view pointer, std::uint32_t level);
  Place lead(std::vector<std::string> steps, std::uint32_t level);
  Place inside_snapshot(const Value& delta, const std::vector<std::string>& steps, std::size_t& done,
                        std::uint32_t level);
  Place snapshot(const Value& delta, std::uint32_t level);
  Place changed(const SnapshotChange& change, Place base, std::uint32_t level);
  bool spend(std::size_t steps) noexcept;

  const Value& root_;
  const ExpansionLimits limits_;
  std::unordered_set<const Value*> holding_;  // containers with a $ key in them or below
  std::deque<Snapshot> recent_;               // the last snapshots put together

  // While one part is filled in.
  std::unordered_map<const Value*, Target> targets_;
  std::size_t steps_left_ = 0;
  std::size_t written_bytes_ = 0;
  std::uint32_t in_target_ = 0;
  std::uint32_t following_ = 0;
  std::vector<const Value*> open_snapshots_;  // being put together
  std::size_t unresolved_ = 0;
  std::string first_unresolved_;
};

}  // namespace pflow
