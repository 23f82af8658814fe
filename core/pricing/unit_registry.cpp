#include "core/pricing/unit_registry.hpp"

#include <algorithm>

namespace pflow::pricing {
namespace {

// Every dimension of `whole` has the same value in `part`, which has more of them.
bool is_part_of(const Value& part, const Value& whole) {
  if (part.size() <= whole.size()) return false;
  return std::all_of(whole.members().begin(), whole.members().end(), [&](const Member& m) {
    const Value* same = part.find(m.name());
    return same != nullptr && *same == m.value;
  });
}

}  // namespace

UnitRegistry::UnitRegistry(const Value& data) {
  struct Described {
    std::string_view name;
    const Value* dimensions;
    const Value* unit;
  };

  if (!data.is_object()) return;
  std::vector<Described> all;
  for (const Member& m : data.members()) {
    const Value* dimensions = m.value.find("dimensions");
    if (dimensions != nullptr && dimensions->is_object()) all.push_back({m.name(), dimensions, &m.value});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Described& a, const Described& b) { return a.dimensions->size() > b.dimensions->size(); });
  for (const Described& d : all) {
    Unit u;
    u.name = d.name;
    if (const Value* key = d.unit->find("price_key")) u.price_key = key->text();
    if (const Value* per = d.unit->find("per")) u.per = per->as_double();
    u.dimensions = d.dimensions->size();
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (is_part_of(*all[i].dimensions, *d.dimensions)) u.parts.push_back(i);
    }
    units_.push_back(std::move(u));
  }
}

const UnitRegistry::Unit* UnitRegistry::find(std::string_view name) const noexcept {
  const auto it = std::find_if(units_.begin(), units_.end(), [&](const Unit& u) { return u.name == name; });
  return it == units_.end() ? nullptr : &*it;
}

}  // namespace pflow::pricing
