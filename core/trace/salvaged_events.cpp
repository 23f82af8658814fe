#include "core/trace/salvaged_events.hpp"

#include <algorithm>

#include "core/base/json_read.hpp"
#include "core/trace/trace_document.hpp"
#include "core/trace/trace_members.hpp"
#include "core/trace/value_facts.hpp"

namespace pflow {
namespace {

Result<Value> read_event(std::string_view text) {
  return read_json(text, "event", {.max_depth = kMaxTraceDepth - 2});
}

}  // namespace

// An event's number says how many were lost before it, as far as there was room for them.
void SalvagedEvents::keep(std::string_view event, const Value& content) {
  const auto seq = trace::count_in(content, trace::kSeq);
  std::size_t missing = skipped_ == 0 ? 0 : 1;
  if (seq) missing = *seq > places_.size() + 1 ? std::min<std::size_t>(*seq - 1 - places_.size(), skipped_) : 0;
  places_.insert(places_.end(), missing, std::string_view());
  places_.push_back(event);
  lost_ += missing;
  skipped_ = 0;
}

void SalvagedEvents::add_suspects(const std::vector<std::string_view>& events) {
  for (const std::string_view event : events) {
    if (const Result<Value> content = read_event(event); content && content->is_object()) {
      keep(event, *content);
    } else {
      TraceScan none;
      add_lines(event, none);
    }
  }
}

void SalvagedEvents::add_lines(std::string_view torn, TraceScan& scan) {
  while (!torn.empty()) {
    const std::size_t end = std::min(torn.find('\n'), torn.size());
    std::string_view line = torn.substr(0, end);
    if (ends_list(torn)) {
      scan_tail(torn, scan);
      return;
    }
    torn.remove_prefix(std::min(end + 1, torn.size()));
    if (line.starts_with(',')) line.remove_prefix(1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::size_t length = line.front() == '{' ? end_of_value(line) : std::string_view::npos;
    if (length != std::string_view::npos && line.find_first_not_of(", \t\r", length) == std::string_view::npos) {
      const Result<Value> content = read_event(line.substr(0, length));
      if (content && !trace::text_in(*content, trace::kNodeId).empty()) {
        keep(line.substr(0, length), *content);
        continue;
      }
    }
    ++skipped_;
  }
}

}  // namespace pflow
