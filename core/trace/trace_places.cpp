#include "core/trace/trace_places.hpp"

#include <algorithm>
#include <utility>

namespace pflow {
namespace {

constexpr std::size_t kKeptCapacity = 1024;  // more was one event's need

}  // namespace

const void* TracePlaces::address_of(const Value& v) noexcept {
  if (v.size() == 0) return nullptr;
  switch (v.type()) {
    case Value::Type::kArray:
      return v.items().data();
    case Value::Type::kObject:
      return v.members().data();
    default:
      return v.text().data();
  }
}

const TracePlace* TracePlaces::find(const Value& v) const noexcept {
  if (places_.empty()) return nullptr;
  const void* address = address_of(v);
  if (address == nullptr) return nullptr;
  const auto found = places_.find(address);
  return found == places_.end() ? nullptr : &found->second.place;
}

void TracePlaces::hold(const Value& v, TracePlace place) {
  const void* address = address_of(v);
  if (address == nullptr) return;
  const auto [at, is_new] = places_.try_emplace(address);
  ++at->second.holders;
  if (!is_new) return;
  if (!place.secret.empty()) ++secrets_;
  at->second.place = std::move(place);
}

void TracePlaces::hold_instead(const Value& v, const Value& old) {
  const TracePlace* place = find(old);
  hold(v, place == nullptr ? TracePlace{} : *place);
  release(old);
}

void TracePlaces::hold_for_event(const Value& v, TracePlace place) {
  hold(v, std::move(place));
  release(v);
}

void TracePlaces::end_event() {
  for (const Value& v : leaving_) {
    const auto found = places_.find(address_of(v));
    if (found == places_.end() || --found->second.holders != 0) continue;
    if (!found->second.place.secret.empty()) --secrets_;
    places_.erase(found);
  }
  leaving_.clear();
  if (leaving_.capacity() > kKeptCapacity) leaving_.shrink_to_fit();
}

void TracePlaces::clear() {
  places_.clear();
  leaving_ = {};
  secrets_ = 0;
}

}  // namespace pflow
