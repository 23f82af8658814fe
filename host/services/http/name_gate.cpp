#include "host/services/http/name_gate.hpp"

#include <utility>

namespace pflow::host {
namespace {

constexpr std::size_t kManyPlaces = 4096;

}  // namespace

NameGate::Verdict NameGate::enter(const std::string& place, Id id, Time now) {
  forget_old(now);
  Place& p = places_[place];
  if (p.fresh_until > now) return Verdict::kGo;
  if (p.looking) {
    p.waiting.push_back(id);
    return Verdict::kWait;
  }
  if (looking_ >= kMostLookUps) {
    waiting_for_a_turn_.push_back(id);
    return Verdict::kWait;
  }
  p.looking = true;
  ++looking_;
  return Verdict::kGoAhead;
}

std::vector<NameGate::Id> NameGate::passed(const std::string& place, Outcome outcome, Time now) {
  std::vector<Id> may_enter;
  const auto found = places_.find(place);
  if (found == places_.end() || !found->second.looking) return may_enter;
  Place& p = found->second;
  p.looking = false;
  --looking_;
  if (outcome == Outcome::kAddressKnown) p.fresh_until = now + kFreshFor;
  while (!p.waiting.empty()) {
    const Id id = p.waiting.front();
    p.waiting.pop_front();
    if (!still_waits_(id)) continue;
    may_enter.push_back(id);
    if (outcome == Outcome::kNothingLearned) break;  // it goes ahead in its stead
  }
  return may_enter;
}

std::vector<NameGate::Id> NameGate::failed(const std::string& place) {
  const auto found = places_.find(place);
  if (found == places_.end() || !found->second.looking) return {};
  found->second.looking = false;
  --looking_;
  const std::deque<Id> waited = std::exchange(found->second.waiting, {});
  return {waited.begin(), waited.end()};
}

std::optional<NameGate::Id> NameGate::next_turn() {
  while (looking_ < kMostLookUps && !waiting_for_a_turn_.empty()) {
    const Id id = waiting_for_a_turn_.front();
    waiting_for_a_turn_.pop_front();
    if (still_waits_(id)) return id;
  }
  return std::nullopt;
}

void NameGate::forget_old(Time now) {
  if (places_.size() < kManyPlaces) return;
  std::erase_if(places_, [&](const auto& p) {
    return !p.second.looking && p.second.waiting.empty() && p.second.fresh_until <= now;
  });
}

}  // namespace pflow::host
