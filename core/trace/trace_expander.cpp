#include "core/trace/trace_expander.hpp"

#include <algorithm>
#include <utility>

#include "core/trace/pointer_steps.hpp"
#include "core/trace/snapshot_change.hpp"
#include "core/trace/trace_members.hpp"
#include "core/trace/written_size.hpp"

namespace pflow {

using trace::array_index;
using trace::kBase;
using trace::kRef;
using trace::kRemove;
using trace::kSet;
using trace::pointer_steps;

namespace {

constexpr std::uint32_t kMaxLevel = 600;     // of a filled-in value, and of the stack
constexpr std::uint32_t kMaxFollowing = 40;  // pointers that lead through places that pointers lead to
constexpr std::size_t kSnapshotsKept = 4;    // an event has two
constexpr std::size_t kStepsOfAChange = 32;  // its memory, against that of a visited value
constexpr std::size_t kStepsOfAMember = 8;

constexpr std::string_view kTooMuchWork = "the references of this event take too much work";
constexpr std::string_view kCircle = "it leads back to itself";
constexpr std::string_view kNowhere = "there is nothing at that place";

bool is_reference(const Value& v) {
  const Value* pointer = v.find(kRef);
  return pointer != nullptr && pointer->is_string();
}

bool is_delta(const Value& v) {
  const Value* pointer = v.find(kBase);
  return pointer != nullptr && pointer->is_string();
}

bool is_marker(const Value& v) {
  return is_reference(v) || is_delta(v);
}

// A user's own "$x" is written "$$x". Where another $ key stands beside, the object is not the user's.
bool names_are_doubled(const Value& object) {
  bool doubled = false;
  for (const Member& m : object.members()) {
    if (!m.name().starts_with('$')) continue;
    if (!m.name().starts_with("$$")) return false;
    doubled = true;
  }
  return doubled;
}

std::string_view own_name(std::string_view written) {
  return written.starts_with("$$") ? written.substr(1) : written;
}

}  // namespace

TraceExpander::TraceExpander(const Value& root, ExpansionLimits limits) : root_(root), limits_(limits) {
  note_references(root);
}

bool TraceExpander::note_references(const Value& v) {
  bool holds = false;
  if (v.is_array()) {
    for (const Value& item : v.items())
      holds = note_references(item) || holds;
  } else if (v.is_object()) {
    for (const Member& m : v.members()) {
      holds = note_references(m.value) || holds;
      holds = m.name().starts_with('$') || holds;
    }
  }
  if (holds) holding_.insert(&v);
  return holds;
}

Expansion TraceExpander::expand(const Value& part) {
  targets_.clear();
  steps_left_ = limits_.max_steps;
  written_bytes_ = 0;
  in_target_ = 0;
  following_ = 0;
  unresolved_ = 0;
  first_unresolved_.clear();
  Expansion done;
  done.value = fill(part, 0);
  done.unresolved = unresolved_;
  done.first_unresolved = std::move(first_unresolved_);
  targets_.clear();
  return done;
}

bool TraceExpander::spend(std::size_t steps) noexcept {
  if (steps > steps_left_) {
    steps_left_ = 0;
    return false;
  }
  steps_left_ -= steps;
  return true;
}

Value TraceExpander::fill(const Value& v, std::uint32_t level) {
  if (plain(v)) return v;
  return is_marker(v) ? fill_reference(v, level) : fill_members(v, level);
}

Value TraceExpander::fill_members(const Value& v, std::uint32_t level) {
  // What stands in place is as much as the file; what is reached by references can be that many times over.
  if (in_target_ != 0 && !spend(v.size() * kStepsOfAMember)) return unresolved(v, kTooMuchWork);
  if (level >= kMaxLevel) return unresolved(v, "it is nested too deeply");
  if (v.is_array()) {
    std::vector<Value> items;
    items.reserve(v.size());
    for (const Value& item : v.items())
      items.push_back(fill(item, level + 1));
    return Value::array(items);
  }
  const bool doubled = names_are_doubled(v);
  std::vector<Member> members;
  members.reserve(v.size());
  for (const Member& m : v.members()) {
    const bool shorter = doubled && m.name().starts_with('$');
    members.push_back({shorter ? Value::string(own_name(m.name())) : m.key, fill(m.value, level + 1)});
  }
  return Value::object(members);
}

Value TraceExpander::fill_reference(const Value& marker, std::uint32_t level) {
  Place place = is_reference(marker) ? follow(marker.find(kRef)->text(), level) : snapshot(marker, level);
  if (!place.found()) return unresolved(marker, place.problem);
  std::size_t written_bytes = 0;
  std::string_view problem;
  Value filled;
  if (place.written != nullptr) {
    filled = fill_target(*place.written, level, written_bytes, problem);
  } else {
    filled = std::move(place.made);
    std::size_t visited = 0;
    written_bytes = written_size(filled, limits_.max_written_bytes, visited);
    if (!spend(visited)) problem = kTooMuchWork;
  }
  if (problem.empty()) problem = too_much(filled, written_bytes, level);
  return problem.empty() ? filled : unresolved(marker, problem);
}

Value TraceExpander::fill_target(const Value& target, std::uint32_t level, std::size_t& written_bytes,
                                 std::string_view& problem) {
  const auto [it, fresh] = targets_.try_emplace(&target);
  Target& entry = it->second;  // stays where it is while others are added
  if (!fresh) {
    if (entry.open) problem = kCircle;
    written_bytes = entry.written_bytes;
    return entry.filled;
  }
  ++in_target_;
  entry.filled = fill(target, level);
  --in_target_;
  entry.open = false;
  std::size_t visited = 0;
  entry.written_bytes = written_size(entry.filled, limits_.max_written_bytes, visited);
  if (!spend(visited + 1)) problem = kTooMuchWork;
  written_bytes = entry.written_bytes;
  return entry.filled;
}

std::string_view TraceExpander::too_much(const Value& filled, std::size_t written_bytes, std::uint32_t level) {
  if (level + filled.depth() > kMaxLevel) return "it would be nested too deeply";
  const std::size_t before = in_target_ == 0 ? written_bytes_ : 0;
  if (written_bytes > limits_.max_written_bytes - std::min(before, limits_.max_written_bytes)) {
    return "this would be too large with it";
  }
  if (in_target_ == 0) written_bytes_ += written_bytes;
  return {};
}

Value TraceExpander::unresolved(const Value& marker, std::string_view why) {
  const Value* pointer = marker.find(kRef);
  if (pointer == nullptr) pointer = marker.find(kBase);
  const std::string_view name = pointer != nullptr && pointer->is_string() ? pointer->text() : std::string_view();
  if (unresolved_++ == 0) {
    constexpr std::size_t kShown = 200;
    first_unresolved_ = std::string(name.substr(0, kShown)) + (name.size() > kShown ? "..." : "");
    if (!first_unresolved_.empty()) first_unresolved_ += ": ";
    first_unresolved_ += why;
  }
  std::vector<Member> members;
  if (pointer != nullptr) members.push_back({Value::string(is_reference(marker) ? kRef : kBase), *pointer});
  members.push_back({Value::string(trace::kUnresolved), Value::string(why)});
  return Value::object(members);
}

TraceExpander::Place TraceExpander::follow(std::string_view pointer, std::uint32_t level) {
  auto steps = pointer_steps(pointer);
  if (!steps) return {.problem = "it is no JSON Pointer"};
  if (!spend(steps->size() + 1)) return {.problem = kTooMuchWork};
  if (following_ == kMaxFollowing) return {.problem = "it leads through too many others"};
  ++following_;
  Place place = lead(*std::move(steps), level);
  --following_;
  return place;
}

TraceExpander::Place TraceExpander::lead(std::vector<std::string> steps, std::uint32_t level) {
  // First as the file is written, ...
  const Value* at = &root_;
  for (std::size_t i = 0; at != nullptr && i < steps.size(); ++i)
    at = trace::child(*at, steps[i]);
  if (at != nullptr) return {.written = at};

  // ... then through what is written elsewhere.
  Place place{.written = &root_};
  std::size_t done = 0;
  std::size_t hops = 0;
  while (done < steps.size()) {
    if (place.written == nullptr) {  // filled in: names are the user's own
      const Value* next = trace::child(place.made, own_name(steps[done++]));
      if (next == nullptr) return {.problem = kNowhere};
      place.made = Value(*next);
      continue;
    }
    const Value& here = *place.written;
    if (!is_marker(here)) {
      place.written = trace::child(here, steps[done++]);
      if (place.written == nullptr) return {.problem = kNowhere};
      continue;
    }
    if (++hops > holding_.size()) return {.problem = kCircle};
    place = is_reference(here) ? follow(here.find(kRef)->text(), level) : inside_snapshot(here, steps, done, level);
    if (!place.found()) return place;
  }
  return place;
}

// Goes from snapshot to snapshot until one says what is at steps[done...], and moves `done` on as far as it says.
TraceExpander::Place TraceExpander::inside_snapshot(const Value& delta, const std::vector<std::string>& steps,
                                                    std::size_t& done, std::uint32_t level) {
  const Value* at = &delta;
  for (std::size_t hops = 0; hops <= holding_.size(); ++hops) {
    if (is_reference(*at)) {
      Place next = follow(at->find(kRef)->text(), level);
      if (next.written == nullptr) return next;
      at = next.written;
      continue;
    }
    if (!is_delta(*at)) return {.written = at};
    // The longest pointer on the way decides nothing by itself: a change below needs the whole snapshot.
    const auto touches = [&](std::string_view pointer, std::size_t& said) {
      const auto own = pointer_steps(pointer);
      if (!own) return false;
      const std::size_t common = std::min(own->size(), steps.size() - done);
      for (std::size_t i = 0; i < common; ++i) {
        if ((*own)[i] != own_name(steps[done + i])) return false;
      }
      said = own->size();
      return true;
    };
    const Value* set = at->find(kSet);
    const Value* remove = at->find(kRemove);
    const Value* value = nullptr;
    std::size_t said = 0;
    std::size_t hits = 0;
    if (set != nullptr && set->is_object()) {
      if (!spend(set->size() + 1)) return {.problem = kTooMuchWork};
      for (const Member& m : set->members()) {
        if (touches(m.name(), said)) {
          ++hits;
          value = &m.value;
        }
      }
    }
    if (remove != nullptr && remove->is_array()) {
      if (!spend(remove->size() + 1)) return {.problem = kTooMuchWork};
      for (const Value& pointer : remove->items())
        hits += pointer.is_string() && touches(pointer.text(), said) ? 2 : 0;
    }
    if (hits == 1 && said <= steps.size() - done) {
      done += said;
      return {.written = value};
    }
    if (hits != 0) return snapshot(*at, level);
    Place next = follow(at->find(kBase)->text(), level);
    if (next.written == nullptr) return next;
    at = next.written;
  }
  return {.problem = kCircle};
}

TraceExpander::Place TraceExpander::snapshot(const Value& delta, std::uint32_t level) {
  if (std::find(open_snapshots_.begin(), open_snapshots_.end(), &delta) != open_snapshots_.end()) {
    return {.problem = kCircle};
  }
  SnapshotChange changes;
  std::size_t age = 0;
  const Value* at = &delta;
  Place base;
  for (std::size_t hops = 0;; ++hops) {
    if (hops > holding_.size()) return {.problem = kCircle};
    if (!spend(1)) return {.problem = kTooMuchWork};
    const auto known =
        std::find_if(recent_.begin(), recent_.end(), [at](const Snapshot& s) { return s.written == at; });
    if (known != recent_.end()) {
      base.made = known->filled;
      break;
    }
    if (!is_marker(*at)) {
      base.written = at;
      break;
    }
    if (is_delta(*at)) {
      // Within one snapshot: what is set comes after what is removed, the last one last.
      if (const Value* set = at->find(kSet); set != nullptr && set->is_object()) {
        for (std::size_t i = set->size(); i-- > 0;) {
          const Member& m = set->members()[i];
          const auto steps = pointer_steps(m.name());
          if (!steps) return {.problem = "its \"set\" holds what is no JSON Pointer"};
          const std::size_t made = changes.add(*steps, SnapshotChange::Kind::kPutIn, &m.value, ++age);
          if (!spend(made * kStepsOfAChange + 1)) return {.problem = kTooMuchWork};
        }
      }
      if (const Value* remove = at->find(kRemove); remove != nullptr && remove->is_array()) {
        for (const Value& pointer : remove->items()) {
          const auto steps = pointer.is_string() ? pointer_steps(pointer.text()) : std::nullopt;
          if (!steps) return {.problem = "its \"remove\" holds what is no JSON Pointer"};
          const std::size_t made = changes.add(*steps, SnapshotChange::Kind::kTakenOut, nullptr, ++age);
          if (!spend(made * kStepsOfAChange + 1)) return {.problem = kTooMuchWork};
        }
      }
    }
    Place next = follow(at->find(is_delta(*at) ? kBase : kRef)->text(), level);
    if (!next.found()) return next;
    if (next.written == nullptr) {
      base = std::move(next);
      break;
    }
    at = next.written;
  }
  const std::size_t unresolved_before = unresolved_;
  ++in_target_;
  open_snapshots_.push_back(&delta);
  Place made = changed(changes, std::move(base), level);
  open_snapshots_.pop_back();
  --in_target_;
  if (!made.found() || unresolved_ != unresolved_before) return made;
  recent_.push_back({&delta, made.made});
  if (recent_.size() > kSnapshotsKept) recent_.pop_front();
  return made;
}

// `base` with the change and those below; what comes back is filled in. A place without anything has neither part.
TraceExpander::Place TraceExpander::changed(const SnapshotChange& change, Place base, std::uint32_t level) {
  if (level >= kMaxLevel) return {.problem = "it is nested too deeply"};
  const bool removed = change.kind == SnapshotChange::Kind::kTakenOut;
  if (change.kind == SnapshotChange::Kind::kPutIn) base = {.written = change.set};
  if (removed) base = {.made = Value::object({})};
  if (base.written != nullptr) base.made = fill(*base.written, level);
  if (change.below.empty()) return {.made = std::move(base.made)};

  std::vector<Member> members;
  const Value& whole = base.made;
  const std::span<const Member> before = whole.is_object() ? whole.members() : std::span<const Member>();
  if (!spend((before.size() + change.below.size()) * kStepsOfAMember)) return {.problem = kTooMuchWork};
  members.reserve(before.size() + change.below.size());
  for (const Member& m : before) {
    const auto at = change.below.find(m.name());
    if (at == change.below.end()) {
      members.push_back(m);
    } else if (!at->second->empties()) {
      Place part = changed(*at->second, {.made = m.value}, level + 1);
      if (!part.found()) return part;
      members.push_back({m.key, std::move(part.made)});
    }
  }
  std::vector<std::pair<const std::string*, const SnapshotChange*>> added;
  for (const auto& [name, part] : change.below) {
    if (!part->empties() && whole.find(name) == nullptr) added.emplace_back(&name, part.get());
  }
  std::stable_sort(added.begin(), added.end(),
                   [](const auto& a, const auto& b) { return a.second->order > b.second->order; });
  for (const auto& [name, part_change] : added) {
    Place part = changed(*part_change, {.made = Value::object({})}, level + 1);
    if (!part.found()) return part;
    members.push_back({Value::string(*name), std::move(part.made)});
  }
  return {.made = Value::object(members)};
}

}  // namespace pflow
