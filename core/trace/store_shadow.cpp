#include "core/trace/store_shadow.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/base/json_pointer.hpp"
#include "core/trace/named_secret.hpp"
#include "core/trace/value_measure.hpp"

namespace pflow {
namespace {

constexpr std::size_t kMemberBytes = 4;      // quotes, colon, comma
constexpr std::size_t kReferenceBytes = 11;  // {"$ref":""}

// A key as it stands in the file.
std::string written_key(std::string_view shown) {
  std::string out(shown.starts_with('$') ? "$" : "");
  return out.append(shown);
}

// Takes the first step off a JSON Pointer.
std::string take_step(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const std::size_t end = std::min(pointer.find('/'), pointer.size());
  std::string step;
  for (std::size_t i = 0; i < end; ++i) {
    if (pointer[i] != '~' || i + 1 == end) {
      step += pointer[i];
    } else {
      step += pointer[++i] == '1' ? '/' : '~';
    }
  }
  pointer.remove_prefix(end);
  return step;
}

const Value* child(const Value& v, const std::string& step) {
  if (!v.is_array()) return v.find(step);
  std::size_t index = 0;
  const auto [end, ec] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool good = ec == std::errc() && end == step.data() + step.size() && index < v.size();
  return good ? &v.items()[index] : nullptr;
}

}  // namespace

void StoreShadow::take_inputs(const SharedStore& store, const std::vector<std::string>& secret_inputs) {
  const std::vector<std::string>& names = store.names().inputs;
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    Slot slot = make_slot(names[i], store.input(i), inputs_);
    slot.is_secret |= std::find(secret_inputs.begin(), secret_inputs.end(), names[i]) != secret_inputs.end();
    inputs_.push_back(std::move(slot));
  }
}

void StoreShadow::write_inputs(const SharedStore& store, const std::vector<std::string>& secret_inputs,
                               std::string_view place) {
  take_inputs(store, secret_inputs);
  bool first = true;
  text_.raw("{");
  write_members(inputs_, place, {}, first);
  text_.raw("}");
}

void StoreShadow::update_outputs(const SharedStore& store, NodeIndex node) {
  const std::vector<std::string>& names = store.names().nodes;
  changed_ = nullptr;
  changes_.clear();
  if (node >= names.size()) return;
  if (spaces_.size() <= node) {
    if (store.outputs(node).empty()) return;
    spaces_.resize(node + std::size_t{1});
  }
  Space& space = spaces_[node];
  if (space.shown.empty()) space.shown = json_escaped(names[node]);
  const bool had = !space.slots.empty();
  update(space, store.outputs(node), nullptr);
  const std::size_t name_bytes = space.shown.size() + kMemberBytes + 2;
  if (!had && !space.slots.empty()) snapshot_bytes_ += name_bytes;
  if (had && space.slots.empty()) snapshot_bytes_ -= name_bytes;
}

void StoreShadow::update_root(const SharedStore& store) {
  update(root_, store.root(), &store);
}

void StoreShadow::update(Space& space, const ValueMap& now, const SharedStore* hiding) {
  changed_ = &space;
  changes_.clear();
  was_empty_ = space.slots.empty();
  const auto& entries = now.entries();
  std::vector<Slot>& slots = space.slots;
  std::vector<Slot> gone;
  // Keys keep their order, so both lists are walked side by side; a key that was taken out and came back is at the end.
  std::size_t kept = 0;
  std::size_t next = 0;
  const auto skip_hidden = [&] {
    while (hiding != nullptr && next < entries.size() && hiding->names().input_index.count(entries[next].first) != 0)
      ++next;
  };
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (next == entries.size() || slots[i].name != entries[next].first) skip_hidden();
    if (next == entries.size() || slots[i].name != entries[next].first) {
      gone.push_back(std::move(slots[i]));
      continue;
    }
    if (replace(slots[i], entries[next].second)) changes_.push_back({Kind::kModified, kept, {}});
    if (kept != i) slots[kept] = std::move(slots[i]);
    ++kept;
    ++next;
  }
  slots.erase(slots.begin() + static_cast<std::ptrdiff_t>(kept), slots.end());
  for (skip_hidden(); next < entries.size(); ++next, skip_hidden()) {
    const auto& [name, value] = entries[next];
    const auto back = std::find_if(gone.begin(), gone.end(), [&name = name](const Slot& s) { return s.name == name; });
    if (back == gone.end()) {
      slots.push_back(make_slot(name, value, slots));
      changes_.push_back({Kind::kAdded, slots.size() - 1, {}});
      continue;
    }
    if (replace(*back, value)) changes_.push_back({Kind::kModified, slots.size(), {}});
    slots.push_back(std::move(*back));
    gone.erase(back);
  }
  for (Slot& slot : gone) {
    forget(slot);
    changes_.push_back({Kind::kRemoved, 0, std::move(slot.shown)});
  }
}

StoreShadow::Slot StoreShadow::make_slot(std::string_view name, const Value& value, const std::vector<Slot>& others) {
  Slot slot;
  slot.name = name;
  slot.shown = text_.shown_key(name, ++slots_made_,
                               [&others](std::string_view shown) { return find(others, shown) != nullptr; });
  slot.value = value;
  slot.is_secret = names_secret(name);
  return slot;
}

bool StoreShadow::replace(Slot& slot, const Value& value) {
  if (slot.value.same_content(value)) return false;
  if (equal_soon(slot.value, value)) {
    if (slot.is_held) places_.hold_instead(value, slot.value);
    slot.value = value;
    return false;
  }
  forget(slot);
  slot.value = value;
  return true;
}

void StoreShadow::forget(Slot& slot) {
  if (slot.is_held) places_.release(slot.value);
  if (slot.bytes != 0) snapshot_bytes_ -= slot.shown.size() + kMemberBytes + slot.bytes;
  slot.bytes = 0;
  slot.is_held = false;
}

template <typename Pointer>
void StoreShadow::write_value(Slot& slot, Pointer&& pointer) {
  const Value& v = slot.value;
  const bool hide = slot.is_secret && !v.is_null() && v.type() != Value::Type::kBool;
  if (slot.bytes != 0) {
    if (hide) return text_.redacted(slot.name);
    return void(text_.value(v));
  }
  const std::size_t start = text_.size();
  TracePlace place;
  if (hide) {
    text_.redacted(slot.name);
    place.secret = slot.name;
  } else {
    const TraceText::Traits traits = text_.watched([&] { text_.value(v); });
    place.longest = traits.longest;
    place.exact = traits.exact;
  }
  place.length = text_.size() - start;
  slot.bytes = place.length;
  if (hide || place.length >= kReferredBytes || places_.find(v) != nullptr) {
    if (!hide && place.length >= kReferredBytes) place.pointer = std::forward<Pointer>(pointer)();
    places_.hold(v, std::move(place));
    slot.is_held = true;
    if (const TracePlace* p = places_.find(v); p != nullptr && !hide) {
      slot.bytes = std::min(slot.bytes, kReferenceBytes + p->pointer.size());
    }
  }
  snapshot_bytes_ += slot.shown.size() + kMemberBytes + slot.bytes;
}

void StoreShadow::write_members(std::vector<Slot>& slots, std::string_view place, std::string_view space, bool& first) {
  for (Slot& slot : slots) {
    text_.raw(first ? "\"" : ",\"").raw(slot.shown.starts_with('$') ? "$" : "").raw(slot.shown).raw("\":");
    first = false;
    write_value(slot, [&] {
      std::string pointer(place);
      if (!space.empty()) append_whole_step(space, pointer);
      append_whole_step(written_key(slot.shown), pointer);
      return pointer;
    });
  }
}

void StoreShadow::write_full(std::string_view place) {
  bool first = true;
  text_.raw("{");
  write_members(inputs_, place, {}, first);
  write_members(root_.slots, place, {}, first);
  for (Space& space : spaces_) {
    if (space.slots.empty()) continue;
    text_.raw(first ? "\"" : ",\"").raw(space.shown).raw("\":{");
    first = true;
    write_members(space.slots, place, space.shown, first);
    first = false;
    text_.raw("}");
  }
  text_.raw("}");
}

void StoreShadow::write_store_pointer(std::string_view shown) {
  if (changed_ != &root_) text_.step(changed_->shown);
  text_.step(shown);
}

void StoreShadow::write_set(std::string_view place) {
  const bool has_space = changed_ != &root_;
  const std::string set = std::string(place) + "/set";
  bool first = true;
  if (has_space && was_empty_) {
    std::string space;
    append_whole_step(changed_->shown, space);
    text_.raw("\"").step(changed_->shown).raw("\":{");
    write_members(changed_->slots, set, space, first);
    text_.raw("}");
    return;
  }
  for (const Change& change : changes_) {
    if (change.kind == Kind::kRemoved) continue;
    Slot& slot = changed_->slots[change.slot];
    text_.raw(first ? "\"" : ",\"");
    write_store_pointer(slot.shown);
    text_.raw("\":");
    first = false;
    write_value(slot, [&] {
      std::string key;
      if (has_space) append_whole_step(changed_->shown, key);
      append_whole_step(slot.shown, key);
      std::string pointer = set;
      append_whole_step(key, pointer);
      return pointer;
    });
  }
}

void StoreShadow::write_delta(std::string_view base, std::string_view place) {
  text_.raw("{\"$base\":\"").raw(base).raw("\",\"set\":{");
  write_set(place);
  text_.raw("},\"remove\":[");
  if (changed_ != &root_ && changed_->slots.empty()) {
    text_.raw("\"").step(changed_->shown).raw("\"");
  } else {
    write_pointers(Kind::kRemoved);
  }
  text_.raw("]}");
}

void StoreShadow::write_pointers(Kind kind) {
  bool first = true;
  for (const Change& change : changes_) {
    if (change.kind != kind) continue;
    text_.raw(first ? "\"" : ",\"");
    write_store_pointer(kind == Kind::kRemoved ? change.shown : changed_->slots[change.slot].shown);
    text_.raw("\"");
    first = false;
  }
}

void StoreShadow::write_mutations() {
  text_.raw("{\"added\":[");
  write_pointers(Kind::kAdded);
  text_.raw("],\"removed\":[");
  write_pointers(Kind::kRemoved);
  text_.raw("],\"modified\":[");
  write_pointers(Kind::kModified);
  text_.raw("]}");
}

const StoreShadow::Slot* StoreShadow::find(const std::vector<Slot>& slots, std::string_view name) noexcept {
  const auto found = std::find_if(slots.begin(), slots.end(), [name](const Slot& s) { return s.name == name; });
  return found == slots.end() ? nullptr : &*found;
}

std::optional<TracePlace> StoreShadow::part(const Slot* slot, std::string_view pointer, const Value& v) const {
  if (slot == nullptr || slot->is_secret || !slot->is_held || pointer.empty()) return std::nullopt;
  const TracePlace* whole = places_.find(slot->value);
  if (whole == nullptr || !whole->exact || !whole->secret.empty()) return std::nullopt;
  TracePlace place{whole->pointer, 0, whole->longest, true, {}};
  const Value* at = &slot->value;
  while (!pointer.empty()) {
    const std::string step = take_step(pointer);
    at = child(*at, step);
    if (at == nullptr) return std::nullopt;
    append_whole_step(written_key(json_escaped(step)), place.pointer);
  }
  if (!at->same_content(v)) return std::nullopt;
  place.length = text_bytes(v, place.pointer.size() + kReferredBytes);
  return place;
}

std::optional<TracePlace> StoreShadow::place_of_part(std::string_view head, std::string_view pointer, NodeIndex own,
                                                     const SharedStore& store, const Value& v) const {
  if (pointer.empty() || pointer.front() != '/' || text_bytes(v, kReferredBytes) < kReferredBytes) return std::nullopt;
  const NameBinding bound = store.names().find(head);
  if (bound.kind == NameBinding::Kind::kInput) return part(find(inputs_, head), pointer, v);
  if (std::optional<TracePlace> place = part(find(root_.slots, head), pointer, v)) return place;
  if (own < spaces_.size()) {
    if (std::optional<TracePlace> place = part(find(spaces_[own].slots, head), pointer, v)) return place;
  }
  if (bound.kind != NameBinding::Kind::kNode || bound.index >= spaces_.size()) return std::nullopt;
  const std::string key = take_step(pointer);
  return part(find(spaces_[bound.index].slots, key), pointer, v);
}

void StoreShadow::release() {
  for (Slot& slot : inputs_)
    forget(slot);
  for (Slot& slot : root_.slots)
    forget(slot);
  for (Space& space : spaces_) {
    for (Slot& slot : space.slots)
      forget(slot);
  }
  clear();
}

void StoreShadow::clear() {
  inputs_ = {};
  spaces_ = {};
  root_ = {};
  changed_ = nullptr;
  changes_ = {};
}

}  // namespace pflow
