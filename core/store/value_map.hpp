#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <boost/container/small_vector.hpp>

#include "core/base/value.hpp"

namespace pflow {

/// A few named values in the order they were first set. Look-up is a scan: made for the handful of outputs of one node.
/// Not thread-safe; the values themselves may be shared.
class ValueMap {
 public:
  using Entry = std::pair<std::string, Value>;

  [[nodiscard]] const Value* find(std::string_view key) const noexcept {
    for (const Entry& e : entries_) {
      if (e.first == key) return &e.second;
    }
    return nullptr;
  }

  void set(std::string_view key, Value value) {
    for (Entry& e : entries_) {
      if (e.first == key) {
        e.second = std::move(value);
        return;
      }
    }
    entries_.emplace_back(key, std::move(value));
  }

  void erase(std::string_view key) {
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (it->first != key) continue;
      entries_.erase(it);
      return;
    }
  }

  void clear() noexcept { entries_.clear(); }

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  using Entries = boost::container::small_vector<Entry, 2>;  // most nodes write one or two

  [[nodiscard]] const Entries& entries() const noexcept { return entries_; }

 private:
  Entries entries_;
};

}  // namespace pflow
