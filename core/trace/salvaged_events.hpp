#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/base/value.hpp"
#include "core/trace/trace_scan.hpp"

namespace pflow {

/// The readable events of a damaged list, each at its old place. Views are parts of the text.
class SalvagedEvents {
 public:
  /// Takes what is JSON, and looks for more in the lines of what is not.
  void add_suspects(const std::vector<std::string_view>& events);

  /// Takes all, for they are known to be good.
  void add_good(const std::vector<std::string_view>& events) {
    places_.insert(places_.end(), events.begin(), events.end());
  }

  /// Looks for events that have a line of their own in `torn`; the tail, should the list end there, goes to `scan`.
  void add_lines(std::string_view torn, TraceScan& scan);

  /// In order; an empty view stands for an event that is lost between others.
  [[nodiscard]] const std::vector<std::string_view>& places() const noexcept { return places_; }

  /// Those with a place of their own, and one for what was torn off at the end.
  [[nodiscard]] std::size_t lost() const noexcept { return lost_ + (skipped_ == 0 ? 0 : 1); }

 private:
  void keep(std::string_view event, const Value& content);

  std::vector<std::string_view> places_;
  std::size_t skipped_ = 0;  // pieces since the last event that was kept
  std::size_t lost_ = 0;
};

}  // namespace pflow
